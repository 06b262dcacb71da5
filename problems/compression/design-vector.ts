import { choice, InputError, integer, randomOf, real, show } from '../../src/index.js';
import type { DesignValues } from './design-space.js';
import type { Layer, LayerKind } from './onnx/layers.js';
import type { Plan } from './plan.js';

/**
 * The variables of the compression problem. x1 and x2 go from no layer over some to all, an order worth telling the
 * optimizer (integer); which parts x5 and x6 prune, and whether x7 quantizes, are choices without one. The values of the choices
 * are their own indices, so a decision vector reads the same in either form.
 */
export const compressionVariables = {
  /** Linear layers pruned: 0 none, 1 a random subset, 2 all. */
  x1: integer(0, 2),
  /** Convolutional layers pruned: 0 none, 1 a random subset, 2 all. */
  x2: integer(0, 2),
  /** Pruning intensity of the linear layers. */
  x3: real(0, 1),
  /** Pruning intensity of the convolutional layers. */
  x4: real(0, 1),
  /** Linear layers: prune 0 the bias only, 1 the weights only, 2 both. */
  x5: choice(0, 1, 2),
  /** Convolutional layers: prune 0 the bias only, 1 the weights only, 2 both. */
  x6: choice(0, 1, 2),
  /** Quantization: 0 none, 1 dynamic int8 of the linear layers. */
  x7: choice(0, 1),
};

/** What the variables and the numbers of their values mean, for people. */
export const variableWords: Readonly<
  Record<string, { readonly label: string; readonly values?: readonly string[] }>
> = {
  x1: { label: 'linear layers pruned', values: ['none', 'some', 'all'] },
  x2: { label: 'convolutional layers pruned', values: ['none', 'some', 'all'] },
  x3: { label: 'intensity, linear' },
  x4: { label: 'intensity, convolutional' },
  x5: { label: 'pruned in linear layers', values: ['bias', 'weights', 'both'] },
  x6: { label: 'pruned in convolutional layers', values: ['bias', 'weights', 'both'] },
  x7: { label: 'quantization', values: ['none', 'dynamic int8'] },
};

/**
 * What a design vector (x1 .. x7) means for the layers of a model: same vector, layers and seed, same plan.
 *
 * A random subset (x1 or x2 of 1) takes each layer of its kind with probability 1/2; when that takes none, one of them,
 * each equally likely. So a subset is never empty where there is such a layer. The draw for either kind depends on the
 * whole vector and the seed, not on the other kind.
 *
 * Throws an InputError that names the variable when an entry lies outside its domain, or when there are not seven.
 */
export function decodeVector(
  x: ArrayLike<number>,
  layers: readonly Pick<Layer, 'name' | 'kind'>[],
  seed: number,
): Plan {
  check(x);
  const [x1, x2, x3, x4, x5, x6, x7] = Array.from(x);
  const intensities = new Map<string, { readonly weight: number; readonly bias: number }>();
  const select = (kind: LayerKind, extent: number, intensity: number, parts: number) => {
    const names = layers.filter((layer) => layer.kind === kind).map(({ name }) => name);
    const selected = extent === 0 ? [] : extent === 2 ? names : subset(names, kind, x, seed);
    const each = { weight: parts === 0 ? 0 : intensity, bias: parts === 1 ? 0 : intensity };
    for (const name of selected) intensities.set(name, each);
  };
  select('linear', x1, x3, x5);
  select('convolutional', x2, x4, x6);
  return {
    layers: layers.map(({ name }) => ({ layer: name, ...(intensities.get(name) ?? { weight: 0, bias: 0 }) })),
    quantization: x7 === 1 ? 'dynamic-int8' : 'none',
  };
}

/**
 * The values that stand for all that mean the same plan: 0 for the intensity and the parts of a kind of layers of which none is pruned, and
 * for x7 where nothing is `quantizable`. A random subset is drawn by the whole vector: where there is one, every value counts.
 */
export function canonicalValues(
  values: DesignValues,
  layers: readonly Pick<Layer, 'kind'>[],
  quantizable: boolean,
): DesignValues {
  const idle = KINDS.filter(
    ({ kind, extent, intensity }) =>
      values[extent] === 0 || values[intensity] === 0 || !layers.some((layer) => layer.kind === kind),
  );
  if (KINDS.some((each) => !idle.includes(each) && values[each.extent] === 1)) return values;
  const without = [
    ...idle.flatMap(({ extent, intensity, parts }) => [extent, intensity, parts]),
    ...(quantizable ? [] : ['x7']),
  ];
  return { ...values, ...Object.fromEntries(without.map((name) => [name, 0])) };
}

const KINDS = [
  { kind: 'linear', extent: 'x1', intensity: 'x3', parts: 'x5' },
  { kind: 'convolutional', extent: 'x2', intensity: 'x4', parts: 'x6' },
] as const;

function subset(
  names: readonly string[],
  kind: LayerKind,
  x: ArrayLike<number>,
  seed: number,
): readonly string[] {
  if (names.length === 0) return [];
  const random = randomOf(seed, 'layer subset', kind, Float64Array.from(x));
  const selected = names.filter(() => random.uniform() < 0.5);
  return selected.length > 0 ? selected : [names[random.integer(names.length)]];
}

const LAWS: readonly { readonly name: string; readonly what: string; readonly upper: number | null }[] = [
  { name: 'x1', what: 'linear layers pruned: none, some, all', upper: 2 },
  { name: 'x2', what: 'convolutional layers pruned: none, some, all', upper: 2 },
  { name: 'x3', what: 'pruning intensity of the linear layers', upper: null },
  { name: 'x4', what: 'pruning intensity of the convolutional layers', upper: null },
  { name: 'x5', what: 'linear: prune bias, weights, both', upper: 2 },
  { name: 'x6', what: 'convolutional: prune bias, weights, both', upper: 2 },
  { name: 'x7', what: 'quantization: none, dynamic int8', upper: 1 },
];

function check(x: ArrayLike<number>): void {
  if (x.length !== LAWS.length)
    throw new InputError(`a design vector must have ${LAWS.length} entries (x1 to x7), got ${x.length}`);
  LAWS.forEach(({ name, what, upper }, i) => {
    const value: unknown = x[i];
    const inside =
      typeof value === 'number' &&
      value >= 0 &&
      (upper === null ? value <= 1 : value <= upper && Number.isInteger(value));
    if (inside) return;
    const domain = upper === null ? 'lie in [0, 1]' : `be one of ${upper === 1 ? '0, 1' : '0, 1, 2'}`;
    throw new InputError(`${name} (${what}) must ${domain}, got ${show(value)}`);
  });
}
