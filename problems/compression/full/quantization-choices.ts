import { InputError } from '../../../src/index.js';
import { inMemory } from '../data/in-memory.js';
import type { Model } from '../onnx/model.js';
import { writeModel } from '../onnx/write.js';
import { type ApplyOptions, applyFullPlan } from './apply-full-plan.js';
import type { FullPlan } from './full-plan.js';

/** A way to store and compute a network's numbers that a search may choose. */
export interface QuantizationChoice {
  /** For people. */
  readonly name: string;
  readonly part: NonNullable<FullPlan['quantization']>;
}

/** All of them, float first. */
export const quantizationChoices: readonly QuantizationChoice[] = [
  { name: 'float', part: { kind: 'none' } },
  { name: 'weights in float16', part: { kind: 'float16' } },
  { name: 'weights in int8', part: { kind: 'weight-int8' } },
  { name: 'dynamic int8', part: { kind: 'dynamic-int8' } },
  { name: 'static int8', part: { kind: 'static-int8', perChannel: false } },
  { name: 'static int8 per channel', part: { kind: 'static-int8', perChannel: true } },
];

/** What a search chooses from whose objectives gain nothing by any of them. */
export const floatAlone = {
  choices: quantizationChoices.slice(0, 1),
  notes: ['quantization is left out: none of the objectives sees it'],
};

/** Samples that calibrate a trial: ranges, and how weights are rounded, change the answers of a network, not its size. */
const TRIAL_SAMPLES = 16;

/** What is no smaller than this share of the file is not worth the evaluations: linear layers in int8 behind many convolutions, say. */
const WORTHWHILE = 0.95;

/**
 * Those that make a model smaller by a twentieth or more, found by trying each on the whole of it; `notes` say why the others are left out. `options` as those of
 * `applyFullPlan`, which this takes once a choice, with few samples.
 */
export async function quantizationsFor(
  model: Model,
  options: ApplyOptions,
): Promise<{ readonly choices: readonly QuantizationChoice[]; readonly notes: readonly string[] }> {
  const [float, ...others] = quantizationChoices;
  const size = writeModel((await applyFullPlan(model, {}, options)).model).length;
  const trial = { ...options, calibration: await inMemory(options.calibration, TRIAL_SAMPLES) };
  const choices = [float];
  const notes: string[] = [];
  for (const choice of others) {
    const reason = await whyNot(model, choice, size, trial);
    if (reason === null) choices.push(choice);
    else notes.push(`${choice.name} is left out: ${reason}`);
  }
  return { choices, notes };
}

async function whyNot(
  model: Model,
  { part }: QuantizationChoice,
  size: number,
  options: ApplyOptions,
): Promise<string | null> {
  try {
    const quantization = part.kind === 'static-int8' ? { ...part, errorFeedback: false } : part;
    const applied = await applyFullPlan(model, { quantization }, options);
    const share = writeModel(applied.model).length / size;
    if (share < WORTHWHILE) return null;
    const saved = share < 1 ? 'hardly smaller' : 'no smaller';
    return [`it makes the file ${saved}`, ...applied.notes].join('; ');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
