/**
 * Labelled samples, ready for a network. Every reader returns one, and so may a user's own loader: a module whose default
 * export is `(options: DataOptions) => Dataset | Promise<Dataset>`.
 */
export interface Dataset {
  /** How the data was named: `cifar10:test_batch.bin`. */
  readonly name: string;
  /** Number of samples. */
  readonly count: number;
  /** Shape of one sample without the batch axis, e.g. `[3, 32, 32]` (planes R G B). */
  readonly sampleShape: readonly number[];
  /** The class of each sample, `count` entries from 0. */
  readonly labels: Int32Array;
  /** Names of the classes, where known. */
  readonly classNames?: readonly string[];
  /** Writes samples `first .. first + count - 1`, normalised, row-major, to the start of `out`. */
  read(first: number, count: number, out: Float32Array): void | Promise<void>;
}

/** What the command line hands to every reader. */
export interface DataOptions {
  /** Use only the first `limit` samples. */
  readonly limit?: number;
  /** Per-channel normalisation `(byte / 255 - mean) / std`. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Names of the classes in the order of the network's outputs. */
  readonly classNames?: readonly string[];
  /** Shape that the network expects of a sample, e.g. `[3, 224, 224]`; -1 where any size fits. */
  readonly sampleShape?: readonly number[];
}
