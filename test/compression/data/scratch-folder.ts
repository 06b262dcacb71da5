import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the files of one test file, gone when its tests have run. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fronteira-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
