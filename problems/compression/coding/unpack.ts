/** What a browser needs of fronteira to run packed models: no part of it uses Node. */
export { type ContainerFacts, containerFacts, unpack } from './container/read.js';
export { InputError } from './errors.js';
