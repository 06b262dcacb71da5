import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code);

// Inside the package, so that `import 'fronteira'` means the built package itself.
const folder = mkdtempSync(join(root, 'dist/readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the README', () => {
  it.each(blocks('ts').map((code, i) => [i + 1, code] as const))('runs example %i', (i, code) => {
    const file = join(folder, `example-${i}.mjs`);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(file, outputText);
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(0);
  });

  it('types its examples', () => {
    blocks('ts').forEach((code, i) => {
      writeFileSync(join(folder, `example-${i + 1}.mts`), code);
    });
    const files = blocks('ts').map((_, i) => join(folder, `example-${i + 1}.mts`));
    const options = {
      strict: true,
      noEmit: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      types: ['node'],
    };
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
    expect(diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual(
      [],
    );
  });

  it('names only options that the command line has', () => {
    const lines = blocks('sh').join('\n').replaceAll('\\\n', ' ').split('\n');
    const commands = lines.filter((line) => line.startsWith('npx fronteira'));
    expect(commands.length).toBeGreaterThan(1);
    for (const line of commands) {
      const [, , command, ...words] = line.split(/\s+/);
      const help = execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), command, '--help'], {
        encoding: 'utf8',
      });
      for (const word of words.filter((part) => part.startsWith('--'))) expect(help).toContain(`${word} `);
    }
  });

  it('names only scripts and files that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, script] of readme.matchAll(/^npm (start|test|run \S+)/gm))
      expect(scripts).toHaveProperty(script.replace('run ', ''));
    const links = [...readme.matchAll(/\]\(([^)h][^)]*)\)/g)].map(([, link]) => link);
    for (const link of links) expect(existsSync(join(root, link)), link).toBe(true);
  });
});
