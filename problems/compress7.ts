import { choice, defineProblem, integer, maximize, minimize, real } from '../src/index.js';
import { curveFront } from './front-points.js';
import { least } from './golden-section.js';

/** What pruning none, a random subset or all of the layers of a kind covers. */
const COVERED = [0, 0.5, 1];
/** The most that it can cost in accuracy, and the intensity at which half of that is lost: linear, convolutional. */
const LINEAR = { loss: [0, 0.6, 0.97], knee: [1, 0.95, 0.9], slope: 0.03, weights: 0.385, biases: 0.005 };
const CONVOLUTIONAL = { loss: [0, 0.85, 1], knee: [1, 0.84, 0.72], slope: 0.045, weights: 0.6, biases: 0.01 };

/**
 * A closed form with the shape of the compression problem, for studies that can't wait for networks: the same seven
 * variables (which linear and convolutional layers are pruned; how much; their biases, weights or both; quantized or not),
 * accuracy in percent with the same plateau, cliff and ripple, and non-zero weights in percent. Accuracy must be at least
 * 90. Made for this project; it stands for no network in particular.
 */
export const compress7 = () =>
  defineProblem({
    name: 'compress7',
    variables: {
      x1: integer(0, 2),
      x2: integer(0, 2),
      x3: real(0, 1),
      x4: real(0, 1),
      x5: choice(0, 1, 2),
      x6: choice(0, 1, 2),
      x7: choice(0, 1),
    },
    metrics: { accuracy: maximize(), nonZero: minimize() },
    constraints: ['g1'],
    evaluateBatch(x, count, f, g) {
      for (let i = 0; i < count; i++) {
        const [x1, x2, x3, x4, x5, x6, x7] = x.subarray(7 * i, 7 * i + 7);
        const accuracy = accuracyOf(x1, x2, x3, x4, x5, x6, x7);
        f[2 * i] = accuracy;
        f[2 * i + 1] =
          100 * (1 - COVERED[x1] * x3 * shareOf(x5, LINEAR) - COVERED[x2] * x4 * shareOf(x6, CONVOLUTIONAL));
        g[i] = 90 - accuracy;
      }
    },
  });

/**
 * Its front, by non-zero weights: all layers of both kinds pruned, of the convolutional ones the weights alone, nothing quantized. On a grid
 * of 700 intensities each, no other choice is better anywhere. How a share of non-zero weights is split between the two intensities is
 * searched for, in steps of 0.02 and then by the golden section.
 */
export const compress7Front = (count: number) =>
  curveFront(count, 35, 59, (nonZero, f) => {
    f[0] = Math.min(leastLoss(nonZero, 1), leastLoss(nonZero, 2));
    f[1] = nonZero;
    return f[0] <= -90;
  });

/** The best accuracy with its sign turned, by what of the linear layers is pruned: weights, or both. */
function leastLoss(nonZero: number, target: number): number {
  const loss = (intensity: number) => {
    const rest = 1 - nonZero / 100 - intensity * shareOf(target, LINEAR);
    return -accuracyOf(2, 2, intensity, rest / CONVOLUTIONAL.weights, target, 1, 0);
  };
  let best = 0.4;
  for (let step = 21; step <= 45; step++) if (loss(step / 50) < loss(best)) best = step / 50;
  return least(best - 0.02, best + 0.02, loss);
}

/** 0 prunes biases only, 1 weights only, 2 both. */
const prunesWeights = (target: number) => (target >= 1 ? 1 : 0);
const prunesBiases = (target: number) => (target !== 1 ? 1 : 0);

function shareOf(target: number, { weights, biases }: typeof LINEAR): number {
  return weights * prunesWeights(target) + biases * prunesBiases(target);
}

function accuracyOf(
  x1: number,
  x2: number,
  x3: number,
  x4: number,
  x5: number,
  x6: number,
  x7: number,
): number {
  const linear = COVERED[x1] * x3;
  const convolutional = COVERED[x2] * x4;
  const linearLoss = prunesWeights(x5) * lossOf(x1, x3, LINEAR);
  const convolutionalLoss = prunesWeights(x6) * lossOf(x2, x4, CONVOLUTIONAL);
  const biasLoss = 0.004 * prunesBiases(x5) * linear + 0.035 * prunesBiases(x6) * convolutional * x4;
  const kept = (1 - linearLoss) * (1 - convolutionalLoss);
  const pruned = 0.4 * linear * prunesWeights(x5) + 0.6 * convolutional * prunesWeights(x6);
  const regularization = pruned >= 1 ? 0 : 1.4 * 4 * pruned * (1 - pruned);
  const ripple = 0.15 * Math.sin(23 * linear + 5 * x5) * Math.cos(19 * convolutional + 3 * x6);
  const quantization = 0.2 * x7 * (1 + linearLoss);
  return 10 + 83.5 * kept * (1 - biasLoss) + (regularization + ripple) * kept - quantization;
}

/** A logistic step at the knee, zero at intensity 0. */
function lossOf(layers: number, intensity: number, { loss, knee, slope }: typeof LINEAR): number {
  const step = (t: number) => 1 / (1 + Math.exp((knee[layers] - t) / slope));
  return loss[layers] * (step(intensity) - step(0));
}
