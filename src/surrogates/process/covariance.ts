/** A stationary covariance of variance 1, as a function of `r2`, the square of the distance in length scales. */
export interface Covariance {
  readonly name: 'matern' | 'gaussian';
  value(r2: number): number;
  /**
   * The derivative by the logarithm of one length scale is this times the part of `r2` that belongs to that scale:
   * `-2 dk / dr2`.
   */
  slope(r2: number): number;
}

/** Matern 5/2: functions that are twice differentiable. */
export const matern: Covariance = {
  name: 'matern',
  value(r2) {
    const a = Math.sqrt(5 * r2);
    return (1 + a + (5 / 3) * r2) * Math.exp(-a);
  },
  slope(r2) {
    const a = Math.sqrt(5 * r2);
    return (5 / 3) * (1 + a) * Math.exp(-a);
  },
};

/** The squared exponential: functions without an edge at any scale. */
export const gaussian: Covariance = {
  name: 'gaussian',
  value: (r2) => Math.exp(-0.5 * r2),
  slope: (r2) => Math.exp(-0.5 * r2),
};
