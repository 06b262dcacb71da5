import { abridged } from '../words.js';

/** Where a network has no layer that can be refitted. */
export const NOTHING =
  'recovery leaves the network as it is: none of its layers can be refitted (convolutions and plain products can, with float32 weights that only such layers read)';

export function sharingNotes(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const [stay, they] = names.length > 1 ? ['stay', 'each shares'] : ['stays', 'it shares'];
  return [
    `${abridged(names)} ${stay} as before recovery: ${they} its weight or its bias with something else`,
  ];
}

/** Layers of a form that nothing is fitted for. */
export function unfitNotes(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    `${abridged(names)} ${names.length > 1 ? 'stay' : 'stays'} as before recovery: only convolutions (transposed ones where their pads are given), products without factors and weights of float32 on their right are refitted`,
  ];
}

/** A layer with fewer places on the samples than numbers to fit. */
export interface Few {
  readonly name: string;
  readonly size: number;
  readonly places: number;
}

export function fewNotes(few: readonly Few[]): string[] {
  if (few.length === 0) return [];
  const worst = few.reduce((a, b) => (b.places / b.size < a.places / a.size ? b : a));
  const [which, stay] = few.length > 1 ? [` for ${worst.name}`, 'they stay'] : ['', 'it stays'];
  return [
    `too few calibration images to refit ${abridged(few.map(({ name }) => name))} freely (${worst.places} places to fit ${worst.size} numbers an output at${which}): ${stay} near the compressed weights`,
  ];
}
