/** What a stream can show. */
export interface Terminal {
  /** Characters in a line. */
  readonly columns: number;
  readonly color: boolean;
}

const NARROWEST = 40;

/**
 * A terminal as wide as it says, any other stream 80 columns. Colour only on a terminal that is not `dumb`, and never where
 * `NO_COLOR` is set to anything (see no-color.org).
 */
export function terminalOf(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const color = stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const columns = stream.isTTY ? stream.columns || 80 : 80;
  return { columns: Math.max(NARROWEST, columns), color };
}

/** Text in bold where the terminal has colours. */
export const bold = ({ color }: Terminal, text: string) => (color ? `\u001b[1m${text}\u001b[22m` : text);
/** Text in a quiet colour where the terminal has colours. */
export const dim = ({ color }: Terminal, text: string) => (color ? `\u001b[2m${text}\u001b[22m` : text);
