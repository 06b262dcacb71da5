import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One folder for all that the tests write under `tmpdir()`, the installed package of hundreds of megabytes too; it goes with them. */
export default function temporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'fronteira-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
