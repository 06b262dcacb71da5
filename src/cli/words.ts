/** `1 entry`, `2 entries`: a count with its word, `many` where it is not one. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
