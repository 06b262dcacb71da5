import { describe, expect, it } from 'vitest';
import { families } from '../../../problems/compression/statistics/families/catalogue.js';
import { type Fitted, sampleOf } from '../../../problems/compression/statistics/families/family.js';
import { randomOf } from '../../../src/index.js';

const N = 40_000;
type Parameters = Readonly<Record<string, number>>;

/** Densities by the textbook, written apart from the code under test. */
const DENSITIES: Readonly<Record<string, (p: Parameters) => (x: number) => number>> = {
  Laplace:
    ({ location, scale }) =>
    (x) =>
      Math.exp(-Math.abs(x - location) / scale) / (2 * scale),
  Gaussian:
    ({ location, scale }) =>
    (x) =>
      Math.exp(-((x - location) ** 2) / (2 * scale ** 2)) / (scale * Math.sqrt(2 * Math.PI)),
  logistic:
    ({ location, scale }) =>
    (x) =>
      1 / (4 * scale * Math.cosh((x - location) / (2 * scale)) ** 2),
  Cauchy:
    ({ location, scale }) =>
    (x) =>
      scale / (Math.PI * (scale ** 2 + (x - location) ** 2)),
  exponential:
    ({ scale }) =>
    (x) =>
      Math.exp(-x / scale) / scale,
  gamma({ shape, scale }) {
    const whole = gammaFunction(shape) * scale ** shape;
    return (x) => (x ** (shape - 1) * Math.exp(-x / scale)) / whole;
  },
  alpha({ shape, location, scale }) {
    const whole = normal(shape) * Math.sqrt(2 * Math.PI);
    return (x) =>
      (scale / ((x - location) ** 2 * whole)) * Math.exp(-0.5 * (shape - scale / (x - location)) ** 2);
  },
};

/** By the trapezoidal rule, as far as the integrand goes. */
function integral(f: (x: number) => number, from: number, to: number, steps: number): number {
  let sum = (f(from) + f(to)) / 2;
  for (let i = 1; i < steps; i++) sum += f(from + (i * (to - from)) / steps);
  return (sum * (to - from)) / steps;
}
const gammaFunction = (shape: number) =>
  integral((t) => Math.exp(shape * t - Math.exp(t)), -60 / shape, 5, 20_000);
const normal = (z: number) => integral((x) => Math.exp((-x * x) / 2), -12, z, 4000) / Math.sqrt(2 * Math.PI);

/** Samples by inversion or by definition, and what they were drawn with. */
const DRAWN: Readonly<Record<string, { p: Parameters; draw: (u: () => number, g: () => number) => number }>> =
  {
    Laplace: {
      p: { location: 0.3, scale: 0.05 },
      draw: (u) => {
        const v = u() - 0.5;
        return 0.3 - 0.05 * Math.sign(v) * Math.log(1 - 2 * Math.abs(v));
      },
    },
    Gaussian: { p: { location: -2, scale: 0.5 }, draw: (_, g) => -2 + 0.5 * g() },
    logistic: {
      p: { location: 1, scale: 0.2 },
      draw: (u) => {
        const v = u();
        return 1 + 0.2 * Math.log(v / (1 - v));
      },
    },
    Cauchy: { p: { location: 0.1, scale: 0.02 }, draw: (u) => 0.1 + 0.02 * Math.tan(Math.PI * (u() - 0.5)) },
    exponential: { p: { scale: 0.07 }, draw: (u) => -0.07 * Math.log(1 - u()) },
    // The sum of 3 exponentials.
    gamma: { p: { shape: 3, scale: 0.1 }, draw: (u) => -0.1 * Math.log((1 - u()) * (1 - u()) * (1 - u())) },
    // One over a normal variable above 0.
    alpha: {
      p: { shape: 2.5, location: 0, scale: 1 },
      draw: (_, g) => {
        for (;;) {
          const z = 2.5 + g();
          if (z > 0) return 1 / z;
        }
      },
    },
  };

function drawn(name: string): Float64Array {
  const random = randomOf(7, name);
  return Float64Array.from({ length: N }, () => DRAWN[name].draw(random.uniform, random.normal)).sort();
}

const familyOf = (name: string) => families.find((family) => family.name === name)!;
const fitted = (name: string, values: Float64Array): Fitted => familyOf(name).fit(sampleOf(values))!;
function likelihood(name: string, values: Float64Array, p: Parameters): number {
  const density = DENSITIES[name](p);
  return values.reduce((sum, x) => sum + Math.log(density(x)), 0) / values.length;
}

describe.each(Object.keys(DRAWN))('the fit of the family %s', (name) => {
  const values = drawn(name);
  const { parameters, mass } = fitted(name, values);

  it('finds the parameters of a large sample', () => {
    for (const [key, value] of Object.entries(DRAWN[name].p)) {
      // The location of an alpha distribution is known far less well than its quantiles.
      const width = name === 'alpha' ? 0.35 : 0.03;
      const unit = key === 'location' ? (DRAWN[name].p['scale'] ?? 1) : value;
      expect(Math.abs(parameters[key] - value) / unit, key).toBeLessThan(width);
    }
  });

  it('is at a maximum of the likelihood: a step in any parameter lowers it', () => {
    const best = likelihood(name, values, parameters);
    for (const key of Object.keys(parameters))
      for (const step of [-0.02, 0.02]) {
        const moved = { ...parameters, [key]: parameters[key] + step * parameters['scale'] };
        expect(likelihood(name, values, moved), `${key} ${step}`).toBeLessThan(best);
      }
    expect(best).toBeGreaterThan(likelihood(name, values, DRAWN[name].p));
  });

  it('gives a stretch the integral of its density', () => {
    const [low, high] = [values[N >> 2], values[(3 * N) >> 2]];
    const area = integral(DENSITIES[name](parameters), low, high, 400);
    expect(mass(low, high)).toBeCloseTo(area, 4);
    // Half of the sample lies between its quartiles.
    expect(Math.abs(mass(low, high) - 0.5)).toBeLessThan(0.01);
    expect(mass(low, low)).toBeCloseTo(0, 14);
  });
});

describe('the uniform family', () => {
  it('reaches from the least number to the largest', () => {
    const { parameters, mass } = fitted('uniform', Float64Array.of(-1, 0.5, 3));
    expect(parameters).toEqual({ low: -1, high: 3 });
    expect(mass(-5, 0)).toBe(0.25);
    expect(mass(4, 5)).toBe(0);
  });
});

describe('worked fits', () => {
  it('Laplace: the median and the mean distance from it', () => {
    expect(fitted('Laplace', Float64Array.of(-3, 1, 2, 6)).parameters).toEqual({ location: 1.5, scale: 2.5 });
  });

  it('Gaussian: the mean and the root mean square distance', () => {
    expect(fitted('Gaussian', Float64Array.of(1, 3)).parameters).toEqual({ location: 2, scale: 1 });
  });

  it('Cauchy: two pairs about 0, whose scale is the root of their product', () => {
    // d/ds sum ln(s / (s^2 + x^2)) = 0 with |x| = 1, 9 in equal numbers: s = 3.
    const { parameters } = fitted('Cauchy', Float64Array.of(-9, -1, -1, 1, 1, 9));
    expect(parameters['location']).toBeCloseTo(0, 8);
    // 4 (1 - s^2) / (1 + s^2) + 2 (81 - s^2) / (81 + s^2) = 0
    const s2 = parameters['scale'] ** 2;
    expect((4 * (1 - s2)) / (1 + s2) + (2 * (81 - s2)) / (81 + s2)).toBeCloseTo(0, 8);
  });

  it('keeps the digits of far tails', () => {
    const { mass, parameters } = fitted('Gaussian', Float64Array.of(-1, 1));
    expect(parameters).toEqual({ location: 0, scale: 1 });
    expect(mass(10, 11) / mass(-11, -10)).toBeCloseTo(1, 12);
    expect(mass(10, 11)).toBeGreaterThan(0);
  });
});

describe('samples that have no fit', () => {
  it.each(families.filter(({ name }) => name !== 'exponential'))(
    '$name: numbers that are all the same',
    (family) => {
      expect(family.fit(sampleOf(Float64Array.of(2, 2, 2)))).toBeNull();
      expect(family.fit(sampleOf(Float64Array.of(2)))).toBeNull();
    },
  );

  it('Cauchy: more than half of them the same', () => {
    expect(familyOf('Cauchy').fit(sampleOf(Float64Array.of(-1, 0.5, 0.5, 0.5, 2)))).toBeNull();
  });
});
