/** How what is left of a network can be brought back to the original's activations: see `recover`. */
export const recoveries = [
  'none',
  'least-squares',
  'channel-statistics',
  'least-squares+channel-statistics',
] as const;
export type Recovery = (typeof recoveries)[number];
