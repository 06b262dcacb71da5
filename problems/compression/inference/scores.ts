/** Correct answers so far, over the samples counted by {@link countBatch}. */
export interface Tally {
  correct: number;
  /** Samples whose class is among the five best. */
  withinFive: number;
  /** The class predicted for each sample, -1 where a score is NaN. */
  readonly predictions: Int32Array;
}

export function emptyTally(count: number): Tally {
  return { correct: 0, withinFive: 0, predictions: new Int32Array(count).fill(-1) };
}

/**
 * Counts `rows` rows of scores (rows x classes, row-major), the samples `first ..` of `labels`.
 *
 * The prediction is the class of the highest score, the first of equal ones; a class is within the five best when
 * fewer than five come before it, higher scores and then equal scores of a lower index (always, with five classes or
 * fewer). A row with a NaN anywhere is wrong in both counts, and predicts no class. O(rows x classes).
 */
export function countBatch(
  tally: Tally,
  scores: ArrayLike<number>,
  classes: number,
  rows: number,
  labels: Int32Array,
  first: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const label = labels[first + row];
    const own = scores[start + label];
    let best = 0;
    let before = 0;
    let usable = true;
    for (let k = 0; k < classes; k++) {
      const score = scores[start + k];
      if (score > scores[start + best]) best = k;
      if (score > own || (score === own && k < label)) before++;
      usable &&= !Number.isNaN(score);
    }
    if (!usable) continue;
    tally.predictions[first + row] = best;
    if (best === label) tally.correct++;
    if (before < 5) tally.withinFive++;
  }
}

/**
 * The mean of the F1 scores, `2 TP / (2 TP + FP + FN)`, of the classes that occur among the labels or the
 * predictions, as scikit-learn's `f1_score(average='macro', zero_division=0)`. A prediction of -1 is a miss of its
 * label and no class of its own. Both lists count-long, `classes` above every entry; 0 for no samples.
 */
export function macroF1(labels: Int32Array, predictions: Int32Array, classes: number): number {
  const hits = new Float64Array(classes);
  const occurrences = new Float64Array(classes); // 2 TP + FP + FN: once as a label, once as a prediction
  for (let i = 0; i < labels.length; i++) {
    occurrences[labels[i]]++;
    if (predictions[i] >= 0) occurrences[predictions[i]]++;
    if (predictions[i] === labels[i]) hits[labels[i]]++;
  }
  let sum = 0;
  let present = 0;
  for (let k = 0; k < classes; k++) {
    if (occurrences[k] === 0) continue;
    present++;
    sum += (2 * hits[k]) / occurrences[k];
  }
  return present === 0 ? 0 : sum / present;
}
