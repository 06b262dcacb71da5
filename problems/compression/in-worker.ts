import type { Compression, CompressionOptions, WorkerContext } from '../../src/index.js';
import { openCompression } from './open.js';

/** What a worker process loads: the same network and data as the run's own, opened with its share of the threads. */
export default function compressionInWorker(
  options: CompressionOptions,
  { threads }: WorkerContext,
): Promise<Compression> {
  return openCompression({ ...options, threads });
}
