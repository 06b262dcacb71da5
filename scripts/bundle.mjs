// Bundles what reports draw with into a built tree (dist, or the folder named): the program of the page, and the plotting library
// for static SVG. So the package needs no plotting library where it is installed.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = join(resolve(process.argv[2] ?? join(root, 'dist')), 'src/report');
const banner = '/*! Contains Apache ECharts and zrender: see licenses/ beside the reports. */';
const shared = { cwd: root, logLevel: 'warn', transform: { target: 'es2022' } };

await build({
  ...shared,
  input: join(root, 'src/report/browser/page.ts'),
  platform: 'browser',
  output: { file: join(report, 'browser/page.js'), format: 'iife', minify: true, banner },
});
await build({
  ...shared,
  input: join(root, 'src/report/echarts.ts'),
  platform: 'node',
  output: { file: join(report, 'echarts.js'), format: 'esm', minify: true, banner },
});
rmSync(join(report, 'echarts.js.map'), { force: true }); // that of the file before
mkdirSync(join(report, 'licenses'), { recursive: true });
for (const [from, to] of [
  ['echarts/LICENSE', 'echarts-LICENSE.txt'],
  ['echarts/NOTICE', 'echarts-NOTICE.txt'],
  ['zrender/LICENSE', 'zrender-LICENSE.txt'],
])
  copyFileSync(join(root, 'node_modules', from), join(report, 'licenses', to));
