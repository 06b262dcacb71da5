/**
 * The typed error of bad input. Imported past the public face of `src`, which leads to Node's own modules: all that
 * unpacking needs must also run in a browser.
 */
export { InputError, show } from '../../../src/errors.js';
