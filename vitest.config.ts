import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/temporary-folder.ts',
    pool: 'forks', // onnxruntime-node aborts the process when a worker thread ends during run()
    maxWorkers: 2,
    testTimeout: 180_000, // a hang, not slowness: shared machines are several times slower at times
    hookTimeout: 180_000,
  },
});
