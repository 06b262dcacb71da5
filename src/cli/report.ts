import { existsSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { InputError, messageOf, show } from '../errors.js';
import { reportPage } from '../report/page.js';
import { readRun } from '../report/read-run.js';
import { reportData } from '../report/report-data.js';
import { staticCharts } from '../report/static-charts.js';

interface ReportFlags {
  readonly output?: string;
  readonly svg?: boolean;
  readonly json?: boolean;
}

/** `fronteira report`: the page of one run, or of several runs of one problem, made from their run.json. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'make report.html, one self-contained page, from the folders of finished runs of one problem',
    )
    .argument('<dir...>', 'folders that hold a run.json')
    .option('-o, --output <file>', 'the page; default: report.html in the first folder')
    .option('--svg', 'write the charts as static SVG files beside the page too')
    .option('--json', 'print the paths of the files written as JSON')
    .action(report);
}

async function report(folders: string[], flags: ReportFlags): Promise<void> {
  const file = flags.output ?? join(folders[0], 'report.html');
  if (existsSync(file) && statSync(file).isDirectory())
    throw new InputError(`the page must be a file, got the folder ${show(file)}`);
  const runs = folders.map((folder) => readRun(folder, prefix(dirname(file), folder)));
  const pages: [string, string][] = [[file, reportPage(runs)]];
  if (flags.svg) {
    const { dir, name } = parse(file);
    for (const [chart, svg] of Object.entries(await staticCharts(reportData(runs))))
      pages.push([join(dir, `${name}-${chart}.svg`), svg]);
  }
  for (const [path, text] of pages) await write(path, text);
  const written = pages.map(([path]) => path);
  process.stdout.write(
    flags.json ? `${JSON.stringify({ written })}\n` : `written to ${written.join(', ')}\n`,
  );
}

/** Where the folder of a run lies as seen from the page. */
function prefix(from: string, folder: string): string {
  const path = relative(resolve(from), resolve(folder)).replaceAll('\\', '/');
  return path === '' ? '' : `${path}/`;
}

async function write(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new InputError(
      `the report must be written to a path that can be, got ${show(path)} (${messageOf(error)})`,
    );
  }
}
