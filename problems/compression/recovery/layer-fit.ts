import type { Products } from '../inference/products.js';
import { activatedLeastSquares } from './activated-least-squares.js';
import { effortOf } from './effort.js';
import type { Patches } from './layer-data.js';
import { maskedLeastSquares } from './masked-least-squares.js';
import { matchStatistics } from './match-statistics.js';
import type { Moments } from './moments.js';
import type { Recovery } from './recoveries.js';
import type { Refittable } from './refittable.js';

/** How a layer is fitted: see `recover`. */
export interface Fitting {
  readonly recovery: Recovery;
  readonly ridge: number;
  readonly iterations: number;
}

/** What a layer is fitted with: its places and those of the layers that share its weight. */
export interface Places {
  readonly patches: Iterable<Patches>;
  /** A group each. */
  readonly moments: readonly Moments[];
  /** Whether the network sees all of every output alike. */
  readonly straight: boolean;
}

/** The weights and biases of a layer changed, a group each (see `columnsOf`): what is zero among the weights stays zero. */
export async function layerFit(
  present: readonly Float32Array[],
  { geometry, biases }: Pick<Refittable, 'geometry' | 'biases'>,
  { patches, moments, straight }: Places,
  { recovery, ...fitting }: Fitting,
  products: Products,
): Promise<readonly Float32Array[]> {
  const withBias = biases.map((name) => name !== null);
  const features = geometry.features / geometry.groups;
  let columns = present;
  if (recovery !== 'channel-statistics') {
    const free = present.map((column) => {
      const mask = new Uint8Array(column.length);
      for (let i = 0; i < mask.length; i++) mask[i] = column[i] === 0 ? 0 : 1;
      for (const [b, there] of withBias.entries()) {
        const row = geometry.size + b;
        mask.fill(there ? 1 : 0, row * features, (row + 1) * features);
      }
      return mask;
    });
    const { enough, ...rounds } = effortOf(geometry);
    const fitted: Float32Array[] = [];
    for (const [group, column] of present.entries())
      fitted.push(
        await maskedLeastSquares(moments[group], column, free[group], { ...fitting, enough }, products),
      );
    const seeing = { ...rounds, ridge: fitting.ridge, near: present, free };
    columns = straight ? fitted : await activatedLeastSquares(fitted, patches, moments, seeing, products);
  }
  if (recovery !== 'least-squares')
    for (const [group, column] of columns.entries()) matchStatistics(column, moments[group], withBias);
  return columns;
}
