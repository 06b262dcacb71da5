import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A program as a browser is given it. */
export interface Bundled {
  readonly code: string;
  /** Modules that are not in it: Node's own, or what is not installed. */
  readonly missing: readonly string[];
}

/**
 * Bundles an ES module, a path from the root of the repository, and all that it imports into one for the browser. `fronteira/unpack` is what the package
 * exports by that name, from its source.
 */
export async function bundled(entry: string, minify = false): Promise<Bundled> {
  const build = await rolldown({
    cwd: at(''),
    input: resolve(at(''), entry),
    platform: 'browser',
    transform: { target: 'es2022' },
    resolve: {
      alias: { 'fronteira/unpack': at('problems/compression/coding/unpack.ts') },
      modules: [at('node_modules')],
    },
    onLog: () => {},
  });
  try {
    const { output } = await build.generate({ format: 'esm', minify, codeSplitting: false });
    const [{ code, imports, dynamicImports }] = output;
    return { code, missing: [...imports, ...dynamicImports] };
  } finally {
    await build.close();
  }
}
