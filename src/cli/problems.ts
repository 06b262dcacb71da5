import { Command } from 'commander';
import { type CatalogueEntry, loadCatalogue } from './catalogue.js';
import { table } from './table.js';

/** `fronteira problems`: the problems that come with the package. */
export function problemsCommand(): Command {
  return new Command('problems')
    .description('list the test problems that come with the package, for `fronteira optimize` and studies')
    .option('--json', 'print JSON')
    .action(problems);
}

async function problems({ json }: { readonly json?: boolean }): Promise<void> {
  const listed = (await loadCatalogue()).map(described);
  const head = ['name', 'variables', 'integers', 'choices', 'objectives', 'constraints'] as const;
  const rows = listed.map((problem) => head.map((column) => String(problem[column])));
  process.stdout.write(`${json ? JSON.stringify(listed) : table([head, ...rows])}\n`);
}

function described({ name, create }: CatalogueEntry) {
  const { variables, objectives, constraints } = create();
  const kinds = Object.values(variables).map(({ kind }) => kind);
  const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
  return {
    name,
    variables: kinds.length,
    integers: count('integer'),
    choices: count('choice'),
    objectives: objectives.length,
    constraints: constraints.length,
  };
}
