import { parentPort } from 'node:worker_threads';
import { type Block, blockCosts } from './block-costs.js';

const port = parentPort!;
port.on('message', (block: Block) => {
  const costs = blockCosts(block);
  port.postMessage(costs, [costs.buffer]);
});
