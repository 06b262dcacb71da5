import { readFileSync } from 'node:fs';

/** The version of this package, read from the nearest package.json above this file. */
export function packageVersion(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    try {
      const found = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8'));
      if (found.name === 'fronteira') return found.version;
    } catch {
      if (folder.pathname === new URL('..', folder).pathname) return 'unknown';
    }
  }
}
