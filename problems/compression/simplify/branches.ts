import { node } from '../onnx/build.js';
import { constantsOf, isStandard } from '../onnx/constants.js';
import { attributeOf, freshName, namesWithin, subgraphsOf } from '../onnx/edit.js';
import type { Graph, Model, Node } from '../onnx/model.js';
import { dataOf } from '../onnx/tensor.js';
import { withoutIdleNodes } from './constants.js';

/**
 * The model with each If that a constant decides replaced by the branch that it takes, at any depth. Exporters write one where what is done depends on a shape,
 * such as a `squeeze` of an axis that may be longer than 1. The same object when there is nothing to do.
 *
 * An If stays where a branch has bodies of its own (until those inside are decided), or where its results are not as many as those of the branch.
 */
export function withoutBranches(model: Model): Model {
  const { graph } = model;
  const constants = constantsOf(graph);
  const names = namesWithin(graph);
  const branches = new Map<Node, Graph>();
  for (const old of graph.nodes) {
    const condition = isIf(old) ? constants.get(old.inputs[0]) : undefined;
    if (!condition) continue;
    const branch = attributeOf(old, dataOf(condition)[0] === 0 ? 'else_branch' : 'then_branch')?.g;
    const plain = branch?.nodes.every((inner) => subgraphsOf(inner).length === 0);
    if (branch && plain && branch.outputs.length === old.outputs.length) branches.set(old, branch);
  }
  if (branches.size === 0) return model;
  const initializers = [...graph.initializers];
  const nodes = graph.nodes.flatMap((old) => {
    const branch = branches.get(old);
    if (!branch) return [old];
    // Names of one branch may be those of another.
    const own = new Map<string, string>();
    const rename = (name: string) => own.get(name) ?? name;
    for (const name of [
      ...branch.initializers.map((constant) => constant.name),
      ...branch.nodes.flatMap(({ outputs }) => outputs),
    ])
      if (name !== '') own.set(name, freshName(`${old.outputs[0]}_branch`, names));
    for (const constant of branch.initializers)
      initializers.push({ ...constant, name: rename(constant.name) });
    return [
      ...branch.nodes.map((inner) => ({
        ...inner,
        inputs: inner.inputs.map(rename),
        outputs: inner.outputs.map(rename),
      })),
      ...branch.outputs.map(({ name }, i) => node('Identity', [rename(name)], [old.outputs[i]])),
    ];
  });
  return { ...model, graph: withoutIdleNodes({ ...graph, nodes, initializers }) };
}

/** Whether a node chooses between two branches. */
export function isIf(candidate: Node): boolean {
  return candidate.opType === 'If' && isStandard(candidate);
}
