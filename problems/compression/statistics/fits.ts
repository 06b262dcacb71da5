import type { WeightFit, WeightHistogram } from '../../../src/index.js';
import { families } from './families/catalogue.js';
import { type Fitted, sampleOf } from './families/family.js';

/**
 * Every family fitted by maximum likelihood, ranked by its squared error against the normalised histogram, the least first: the
 * measure of Python's `fitter` (Cokelaer; `sum((density - pdf)^2)` over 100 bins). Where that takes the density at the middle of a
 * bin, which is infinite for some, here it is the mean over the bin. Families of magnitudes are compared as the same
 * on both sides of 0, so that all stand against one histogram. The divergence is that of the fit from the histogram,
 * `sum p ln(p / q)`, finite where bins are empty (that of `fitter` is the other way round).
 *
 * `values`: those of the histogram, none of them 0, or an even part of them. Families without a maximum are left out.
 */
export function fitsOf(values: Float64Array, histogram: WeightHistogram): WeightFit[] {
  const signed = sampleOf(values.slice().sort());
  const magnitudes = sampleOf(values.map(Math.abs).sort());
  return families
    .flatMap((family): WeightFit[] => {
      const { name, of } = family;
      const fitted = family.fit(of === 'signed' ? signed : magnitudes);
      if (fitted === null) return [];
      const mass = of === 'signed' ? fitted.mass : onBothSides(fitted);
      return [{ family: name, of, parameters: fitted.parameters, ...distances(mass, histogram) }];
    })
    .sort((a, b) => a.squaredError - b.squaredError);
}

function onBothSides({ mass }: Fitted): Fitted['mass'] {
  const from0 = (low: number, high: number) => mass(Math.max(0, low), Math.max(0, high));
  return (low, high) => (from0(low, high) + from0(-high, -low)) / 2;
}

function distances(mass: Fitted['mass'], { low, high, counts }: WeightHistogram) {
  const width = (high - low) / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let squaredError = 0;
  let divergence = 0;
  const densities = counts.map((count, i) => {
    const q = mass(low + i * width, low + (i + 1) * width);
    const p = count / total;
    squaredError += ((p - q) / width) ** 2;
    if (p > 0) divergence += p * Math.log(p / q);
    return q / width;
  });
  return { squaredError, divergence: Number.isFinite(divergence) ? divergence : null, densities };
}
