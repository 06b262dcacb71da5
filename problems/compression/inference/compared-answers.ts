import { pairedDifference } from './paired-difference.js';

/**
 * A network's answers beside those of the uncompressed one on the same samples: the accuracy of the latter, the difference from it, and the
 * share of samples that both put in the same class. An answer of no class (-1) agrees with none.
 */
export function comparedAnswers(labels: Int32Array, baseline: Int32Array, own: Int32Array) {
  let right = 0;
  let gained = 0;
  let lost = 0;
  let same = 0;
  for (let i = 0; i < own.length; i++) {
    if (baseline[i] === labels[i]) right++;
    if (own[i] === baseline[i] && own[i] >= 0) same++;
    if (own[i] === labels[i] && baseline[i] !== labels[i]) gained++;
    if (own[i] !== labels[i] && baseline[i] === labels[i]) lost++;
  }
  return {
    accuracy: right / own.length,
    agreement: same / own.length,
    difference: pairedDifference(gained, lost, own.length),
  };
}
