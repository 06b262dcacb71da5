import { InputError } from '../../../src/index.js';
import type { Dataset } from '../data/dataset.js';
import type { BatchForm } from './batches.js';
import type { Port, Scores, Session } from './session.js';

/**
 * How a model takes the samples: the batch size and the element type. A batch size that the model fixes goes before the
 * wanted one. Throws an InputError when the model needs other than one input, when that input is neither float32 nor
 * float16, when its shape does not fit the samples (a free size fits any), or when it fixes a batch of no samples.
 */
export function batchFormOf({ inputs, outputs }: Session, dataset: Dataset, wanted: number): BatchForm {
  if (inputs.length !== 1)
    throw new InputError(
      `the model must have one input, got ${inputs.length} (${inputs.map(({ name }) => name).join(', ')})`,
    );
  const [input] = inputs;
  const { type, shape } = input;
  if (type !== 'float32' && type !== 'float16')
    throw new InputError(`the model's input must be float32 or float16, got ${type} in "${input.name}"`);
  const [rows, ...sides] = shape;
  const sample = dataset.sampleShape;
  const fits =
    shape.length === 0 ||
    (sides.length === sample.length &&
      sides.every((side, axis) => typeof side !== 'number' || side === sample[axis]));
  if (!fits)
    throw new InputError(
      `the model's input must fit samples of shape [${sample.join(', ')}] behind a batch axis, got ${shown(input)}`,
    );
  if (typeof rows === 'number' && rows < 1)
    throw new InputError(`the model must take batches of at least one sample, got ${shown(input)}`);
  if (outputs.length === 0) throw new InputError('the model must have an output, got none');
  if (!['float32', 'float64', 'float16'].includes(outputs[0].type))
    throw new InputError(
      `the model's first output must be scores as float32, float64 or float16, got ${outputs[0].type} in "${outputs[0].name}"`,
    );
  const fixed = typeof rows === 'number';
  return { size: fixed ? rows : wanted, fixed, type };
}

/**
 * The number of classes that a batch of `rows` rows was scored for. Throws an InputError unless the scores are
 * [rows, classes].
 */
export function classesOf({ dims }: Scores, rows: number): number {
  if (dims.length !== 2 || dims[0] !== rows || dims[1] < 1)
    throw new InputError(
      `the model's first output must have the shape [batch, classes], got [${dims.join(', ')}] for a batch of ${rows}`,
    );
  return dims[1];
}

/** Throws an InputError unless there is one label a sample, each a class of the model. */
export function checkLabels({ labels, count, name }: Dataset, classes: number): void {
  if (labels.length !== count)
    throw new InputError(`${name} must have one label a sample, ${count}, got ${labels.length}`);
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad >= 0)
    throw new InputError(
      `every label must be one of the model's ${classes} classes (0 .. ${classes - 1}), got ${labels[bad]} for sample ${bad} of ${name}`,
    );
}

function shown({ name, shape }: Port): string {
  return `[${shape.map((side) => (side === '' ? '?' : side)).join(', ')}] in "${name}"`;
}
