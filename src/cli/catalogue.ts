import type { Problem } from '../problem.js';

/** A problem that comes with the package. */
export interface CatalogueEntry {
  readonly name: string;
  create(): Problem;
}

/** The problems that come with the package; loaded by name at run time, as a user's own would be. */
export async function loadCatalogue(): Promise<readonly CatalogueEntry[]> {
  const { problems } = await import(new URL('../../problems/index.js', import.meta.url).href);
  return problems;
}
