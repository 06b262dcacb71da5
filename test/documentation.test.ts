import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, code]) => code);
const examples = pages.flatMap((page) =>
  blocks(page, 'ts').map((code, i) => [`${page.replaceAll(/\W/g, '-')}-${i + 1}`, code] as const),
);

// Inside the package, so that `import 'fronteira'` means the built package itself.
const folder = mkdtempSync(join(root, 'dist/documentation-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the documentation', () => {
  it.each(examples)('runs example %s', async (name, code) => {
    const file = join(folder, `${name}.mjs`);
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(file, outputText);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    expect(stderr).toBe('');
    expect(stdout.trim()).not.toBe('');
  });

  it('types its examples', () => {
    const files = examples.map(([name, code]) => {
      const file = join(folder, `${name}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const options = {
      strict: true,
      noEmit: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      types: ['node'],
    };
    const diagnostics = ts.getPreEmitDiagnostics(ts.createProgram(files, options));
    const words = diagnostics.map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
    expect(words).toEqual([]);
  });

  it('names only options that the command line has', () => {
    const lines = pages
      .flatMap((page) => blocks(page, 'sh'))
      .join('\n')
      .replaceAll('\\\n', ' ')
      .split('\n');
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

  it.each(pages)('names only scripts and files that are there: %s', (page) => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script] of read(page).matchAll(/^npm (start|test|run \S+)/gm))
      expect(scripts).toHaveProperty(script.replace('run ', ''));
    const links = [...read(page).matchAll(/\]\(([^)h#][^)#]*)(?:#[^)]*)?\)/g)].map(([, link]) => link);
    for (const link of links) expect(existsSync(join(root, dirname(page), link)), link).toBe(true);
  });

  it('describes every public name, and links only to names that are there', () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [
        'node_modules/typedoc/bin/typedoc',
        '--options',
        'docs/typedoc.json',
        '--emit',
        'none',
        '--treatWarningsAsErrors',
      ],
      { cwd: root, encoding: 'utf8' },
    );
    expect(`${stdout}${stderr}`).not.toMatch(/\[(warning|error)\]/);
    expect(status).toBe(0);
  });
});
