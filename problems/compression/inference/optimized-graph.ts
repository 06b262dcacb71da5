import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModel } from '../onnx/read.js';
import { loadRuntime } from './runtime.js';

/**
 * How often each operator stands in the graph that ONNX Runtime makes of a model before it runs it: what was fused or computed in
 * advance, and what was not. `file` is an .onnx file, complete in itself. The runtime writes that graph to a file, which is
 * removed again. Rejects with the runtime's error on a model that it cannot load.
 */
export async function optimizedOperators(file: Uint8Array): Promise<Readonly<Record<string, number>>> {
  const runtime = await loadRuntime();
  const folder = mkdtempSync(join(tmpdir(), 'fronteira-'));
  try {
    const path = join(folder, 'optimized.onnx');
    const session = await runtime.create(file, { optimizedModelFilePath: path, logSeverityLevel: 4 });
    await session.release();
    const counts: Record<string, number> = {};
    for (const { opType } of readModel(readFileSync(path), 'the optimized model').graph.nodes)
      counts[opType] = (counts[opType] ?? 0) + 1;
    return counts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
