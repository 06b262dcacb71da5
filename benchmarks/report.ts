import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as stats from 'simple-statistics';

/** The repository, from the compiled benchmark in dist/benchmarks. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What a figure was measured on. */
export function environment(): string {
  const { version } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8'));
  const [cpu] = cpus();
  return [
    `fronteira ${version}, Node ${process.versions.node}`,
    `${cpu.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values];
  return {
    mean: stats.mean(sorted),
    deviation: sorted.length > 1 ? stats.sampleStandardDeviation(sorted) : 0,
    lower: stats.quantile(sorted, 0.25),
    median: stats.quantile(sorted, 0.5),
    upper: stats.quantile(sorted, 0.75),
  };
}

/** A Markdown table. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Prints the result and, unless told otherwise, keeps it as `benchmarks/results/NAME.md`. */
export function publish(name: string, title: string, paragraphs: readonly string[], keep = true): void {
  const text = `# ${title}\n\n${environment()}\n\n${paragraphs.join('\n\n')}\n`;
  if (keep) {
    mkdirSync(`${repository}benchmarks/results`, { recursive: true });
    writeFileSync(`${repository}benchmarks/results/${name}.md`, text);
  }
  console.log(text);
}

/** Numbers given on the command line as `--name N`, else the default. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/** Words given on the command line as `--name a,b`, else the default. */
export function listOption(name: string, otherwise: readonly string[]): readonly string[] {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1].split(',');
}

/** Every word given on the command line as `--name WORD`, in order. */
export function wordsGiven(name: string): readonly string[] {
  return process.argv.filter((_, i, words) => words[i - 1] === `--${name}`);
}
