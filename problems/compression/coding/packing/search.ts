import type { Choice, QuantizableModel } from './quantized-model.js';
import { shortFloat, spreadOf } from './steps.js';

/** What the search asks of the world. */
export interface Measures {
  /** How far the answers of a choice are from the model's: a share, smooth, no labels needed. */
  divergence(choice: Choice): Promise<number>;
  /** What a choice loses of the accuracy, in points, on labelled samples. */
  loss(choice: Choice): Promise<number>;
  /** Told what is being done. */
  progress?(message: string): void;
}

export interface Found {
  readonly choice: Choice;
  /** Points. */
  readonly loss: number;
}

/** More weights than this are taken in groups of neighbours. */
const MOST_GROUPS = 24;
const POWER = 0.4;
/** A divergence at which little accuracy is lost: where the bisection begins. */
const FIRST_DIVERGENCE = 0.02;
/** Rounding makes the accuracy jump about: what counts is what a curve through all losses says. Tried are these multiples of it. */
const AROUND = [1.01, 1, 0.99, 0.98, 0.97, 0.96];
/** The curve goes through the losses at factors so many times the limit or less, and down to one over that. */
const NEAR = 1.15;
/** A weight is zero, whatever the feedback adds to it, where the step is so many times as large: 2 without feedback. */
const ZEROING = 8;
/** So near to one that is not allowed a factor is near enough to begin with. */
const CLOSE = 1.03;
/** The farthest that a loss is followed at once. */
const FARTHEST = 1.6;
/** Evaluations of the accuracy until then, at the most. */
const MOST_EVALUATIONS = 16;

/**
 * The steps of every weight that make the file small while the accuracy falls by at most `maxLoss` points:
 *
 * 1. the proportion of the steps, by what each weight's error alone does to the answers, quantized in steps of its own spread:
 *    `step ~ spread (numbers / divergence)^0.4`. A power of 1/2 would make the last bit of every weight buy the same if errors added
 *    up and calibration told all; 0.4 believes it a little less;
 * 2. their size, one factor for all: first to a divergence of 2 %, then by bisection on the accuracy itself, then where a curve
 *    through all losses nearby meets what is allowed, or a little below: the largest factor there whose own loss is allowed too. A larger one
 *    that was seen by luck is not taken, as its luck would not hold on other samples.
 *
 * Null where even fine steps lose more.
 */
export async function searchSteps(
  model: QuantizableModel,
  measures: Measures,
  maxLoss: number,
): Promise<Found | null> {
  const spreads = model.weights.map(({ values }) => spreadOf(values));
  const choiceOf = (steps: readonly number[]): Choice =>
    steps.map((step) => (step === 0 ? 0 : shortFloat(step)));
  const steps = await proportions(
    model,
    spreads,
    (of) => measures.divergence(choiceOf(of)),
    measures.progress,
  );
  const at = (factor: number) => choiceOf(steps.map((step) => step * factor));
  measures.progress?.('the size of the steps');
  const first = await factorOf(FIRST_DIVERGENCE, (factor) => measures.divergence(at(factor)));
  const seen: (Found & { readonly factor: number })[] = [];
  const lossAt = async (factor: number) => {
    const choice = at(factor);
    const loss = await measures.loss(choice);
    seen.push({ choice, factor, loss });
    measures.progress?.(`the accuracy, evaluation ${seen.length}: ${loss.toFixed(2)} points lost`);
    return loss;
  };
  const most = factorOfZeros(model, steps);
  const low = await bisect(first, most, maxLoss, lossAt);
  if (low === null) return null;
  if (low >= most) return seen.find(({ factor }) => factor === low)!;
  const limit = Math.min(limitOf(seen, low, maxLoss), most);
  for (const times of AROUND) if ((await lossAt(times * limit)) <= maxLoss) break;
  const allowed = seen.filter(({ loss }) => loss <= maxLoss).sort((a, b) => b.factor - a.factor);
  return allowed.find(({ factor }) => factor <= AROUND[0] * limit) ?? allowed[allowed.length - 1];
}

/** Steps in proportion, about one spread each. */
async function proportions(
  model: QuantizableModel,
  spreads: readonly number[],
  divergenceOf: (steps: readonly number[]) => Promise<number>,
  progress: Measures['progress'],
): Promise<number[]> {
  const groups = groupsOf(spreads.length);
  const factors = new Float64Array(spreads.length);
  // Biases are always quantized.
  const least = await divergenceOf(spreads.map(() => 0));
  for (const [g, group] of groups.entries()) {
    progress?.(`what each layer stands, ${g + 1} of ${groups.length}`);
    const alone = spreads.map((spread, i) => (group.includes(i) ? spread : 0));
    const numbers = group.reduce((sum, i) => sum + model.weights[i].values.length, 0);
    const divergence = await divergenceOf(alone);
    const factor = (numbers / Math.max(1e-9, divergence - least, divergence / 10)) ** POWER;
    for (const i of group) factors[i] = factor;
  }
  const total = model.weights.reduce((sum, { values }) => sum + values.length, 0);
  const typical = Math.exp(
    factors.reduce((sum, factor, i) => sum + (model.weights[i].values.length / total) * Math.log(factor), 0),
  );
  return spreads.map((spread, i) => (spread * factors[i]) / typical);
}

/** The factor at which the divergence is `target`, roughly: it grows as the square of the factor. */
async function factorOf(target: number, divergenceAt: (factor: number) => Promise<number>): Promise<number> {
  let factor = 1;
  for (let i = 0; i < 4; i++) {
    const ratio = (await divergenceAt(factor)) / target;
    if (ratio > 0.9 && ratio < 1.1) break;
    factor *= Math.max(0.4, Math.min(2, Math.max(ratio, 1e-6) ** -0.45));
  }
  return factor;
}

/** A factor from which on every weight is zero. */
function factorOfZeros({ weights }: QuantizableModel, steps: readonly number[]): number {
  return weights.reduce((most, { values }, i) => {
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    return Math.max(most, (ZEROING * largest) / steps[i]);
  }, 0);
}

/**
 * A good factor, within 3 % of one that is not: from the first up or down, by a tenth and further each time, or as far as the loss says, until a good one lies
 * below a bad one, then between them; or one of `most` or more, past which nothing changes.
 */
async function bisect(
  first: number,
  most: number,
  maxLoss: number,
  lossAt: (factor: number) => Promise<number>,
): Promise<number | null> {
  let low: number | null = null;
  let high: number | null = null;
  let factor = first;
  let stride = 1.1;
  for (let i = 0; i < MOST_EVALUATIONS; i++) {
    const loss = await lossAt(factor);
    if (loss <= maxLoss) low = factor;
    else high = factor;
    if (low !== null && low >= most) break;
    if (low !== null && high !== null) {
      if (high / low < CLOSE) break;
      factor = Math.sqrt(low * high);
    } else {
      const ratio = Math.sqrt(low !== null ? maxLoss / loss : loss / maxLoss);
      const by = Math.max(stride, Math.min(FARTHEST, 1.02 * ratio || 0));
      factor = low !== null ? factor * by : factor / by;
      stride **= 1.5;
    }
  }
  return low;
}

/** The factor at which `loss ~ factor^2`, fitted to what was seen near `factor`, is what is allowed; `factor` where nothing is lost. */
function limitOf(
  seen: readonly { readonly factor: number; readonly loss: number }[],
  factor: number,
  maxLoss: number,
): number {
  let losses = 0;
  let fourths = 0;
  for (const { factor: f, loss } of seen) {
    if (f > factor * NEAR || f < factor / NEAR) continue;
    losses += loss * f ** 2;
    fourths += f ** 4;
  }
  return losses > 0 ? Math.sqrt((maxLoss * fourths) / losses) : factor;
}

function groupsOf(weights: number): number[][] {
  const groups: number[][] = Array.from({ length: Math.min(weights, MOST_GROUPS) }, () => []);
  for (let i = 0; i < weights; i++) groups[Math.floor((i * groups.length) / weights)].push(i);
  return groups;
}
