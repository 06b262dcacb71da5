// Compiles to dist/ and puts the files that are not code beside the code that reads them.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(status ?? 1);
await import('./bundle.mjs');
for (const file of ['network.onnx', 'network.json'])
  cpSync(`problems/compression/stand-in/${file}`, `dist/problems/compression/stand-in/${file}`);
writeFileSync('dist/built', '');
