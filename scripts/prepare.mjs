// Makes a fresh clone ready: installs what is missing, builds what is older than its source. Quick when nothing is to do.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modified = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(...readdirSync(path).map((entry) => newest(join(path, entry))), 0)
    : modified(path);

function run(what, command, args) {
  console.error(`${what} ...`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (modified(join(root, 'node_modules/.package-lock.json')) < modified(join(root, 'package-lock.json')))
  run('installing what is missing', 'npm', ['ci', '--no-audit', '--no-fund']);

const sources = [
  'src',
  'problems',
  'benchmarks',
  'scripts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package.json',
];
if (modified(join(root, 'dist/built')) < Math.max(...sources.map((path) => newest(join(root, path)))))
  run('building', 'npm', ['run', '--silent', 'build']);
