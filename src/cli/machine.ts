import { availableParallelism, cpus, totalmem } from 'node:os';

/** What a run was made on: processor, cores and memory, system. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || process.arch;
  return `${model}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`;
}
