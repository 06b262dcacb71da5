export { type BullmqOptions, bullmq } from './evaluation/bullmq/evaluator.js';
export { type ServeOptions, serveEvaluations } from './evaluation/bullmq/serve.js';
