/** Computes what a key stands for once, however often and however soon it is asked for again; what fails is forgotten. */
export function remembering<T>(): (key: string, compute: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key, compute) => {
    const found = known.get(key) ?? compute();
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  };
}
