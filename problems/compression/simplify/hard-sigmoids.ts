import { float, node } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { attributeOf, makersOf, readsOf } from '../onnx/edit.js';
import { ELEMENT_TYPE, type Graph, type Model, type Node } from '../onnx/model.js';
import { sizeOf, toFloat32 } from '../onnx/tensor.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model with each HardSigmoid that is written out, `relu6(x + 3) / 6`, as one node: runtimes make it part of the convolution before it, and it needs no kernel of
 * integers. So is the product with it whose factor comes last, `x relu6(x + 3) / 6`, a HardSwish. Any numbers will do that give values from 0 to 1. The same object
 * when there is nothing to do.
 *
 * One stays where something else reads its parts, and where they are not of float32.
 */
export function asHardSigmoids(model: Model): Model {
  const { graph } = model;
  const found = hardSigmoidsOf(graph);
  if (found.size === 0) return model;
  const nodes = graph.nodes.flatMap((old) => found.get(old) ?? [old]);
  return { ...model, graph: withoutIdleNodes({ ...graph, nodes }) };
}

/** By their last nodes, what computes the same. */
function hardSigmoidsOf(graph: Graph): Map<Node, readonly Node[]> {
  const constants = constantsOf(graph);
  const makers = makersOf(graph);
  const reads = readsOf(graph);
  const number = (name: string) => {
    const constant = constants.get(name);
    return constant?.dataType === ELEMENT_TYPE.float32 && sizeOf(constant) === 1 && constant.dims.length <= 1
      ? toFloat32(constant)[0]
      : undefined;
  };
  /** The node that makes a value, where one other alone reads it. */
  const alone = (name: string, operator: RegExp) => {
    const maker = reads.get(name) === 1 ? makers.get(name) : undefined;
    return maker && operator.test(maker.opType) && isStandard(maker) ? maker : undefined;
  };
  /** Of a value from 0 to `most`, the sum `x + offset` that is cut off there. */
  const cutOff = (name: string) => {
    const clip = alone(name, /^Clip$/);
    if (!clip) return undefined;
    const [least, most] = ['min', 'max'].map(
      (bound, i) => number(clip.inputs[i + 1] ?? '') ?? attributeOf(clip, bound)?.f,
    );
    const add = alone(clip.inputs[0], /^Add$/);
    const side = add?.inputs.findIndex((input) => number(input) !== undefined) ?? -1;
    if (!add || side < 0 || least !== 0 || !most) return undefined;
    return { x: add.inputs[1 - side], offset: number(add.inputs[side])!, most };
  };
  const gate = (name: string, factor: number, result: string) => {
    const cut = cutOff(name);
    if (!cut || !(Math.abs(cut.most * factor - 1) < 1e-6)) return undefined;
    const attributes = { alpha: float(factor), beta: float(cut.offset * factor) };
    return node('HardSigmoid', [cut.x], [result], attributes);
  };
  const found = new Map<Node, readonly Node[]>();
  for (const last of graph.nodes) {
    if (!/^(Mul|Div)$/.test(last.opType) || !isStandard(last)) continue;
    const [output] = last.outputs;
    for (const [value, other] of [last.inputs, [...last.inputs].reverse()]) {
      const constant = number(other);
      if (constant === undefined || (last.opType === 'Div' && other !== last.inputs[1])) continue;
      const factor = last.opType === 'Div' ? 1 / constant : constant;
      const whole = gate(value, factor, output);
      if (whole) found.set(last, [whole]);
      const product = alone(value, /^Mul$/);
      if (!product) continue;
      for (const [cut, x] of [product.inputs, [...product.inputs].reverse()]) {
        const inner = gate(cut, factor, value);
        if (!inner || x === cut) continue;
        found.set(product, []);
        found.set(last, [inner, node('Mul', [x, value], [output], {}, { name: last.name })]);
      }
    }
  }
  return found;
}
