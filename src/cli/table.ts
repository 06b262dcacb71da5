/** Rows as aligned columns, the first row as the head; columns of numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  return linesOf(rows).join('\n');
}

/**
 * As {@link table}, as many columns from the left as fit in `width` characters (the first two whatever they need); `left`
 * counts those that do not.
 */
export function fittingTable(
  rows: readonly (readonly string[])[],
  width: number,
): { readonly lines: readonly string[]; readonly left: number } {
  let count = rows[0].length;
  let lines = linesOf(rows);
  while (count > 2 && lines.some((line) => line.length > width)) {
    count--;
    lines = linesOf(rows.map((row) => row.slice(0, count)));
  }
  return { lines, left: rows[0].length - count };
}

const NUMBER = /^(–|[-+]?[\d.]+(e[-+]?\d+)?( ?%)?)$/;

function linesOf(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const numeric = rows[0].map((_, c) => rows.slice(1).every((row) => NUMBER.test(row[c])));
  return rows.map((row) =>
    row
      .map((cell, c) => (numeric[c] ? cell.padStart(widths[c]) : cell.padEnd(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}
