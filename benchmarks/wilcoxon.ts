export { rankSumP } from '../src/study/rank-sum.js';
