import { execFileSync, spawnSync } from 'node:child_process';

const PYTHON = '/usr/bin/python3';

/** Whether this machine has the ONNX project's own checker (on Debian: apt-get install python3-onnx). */
export const hasChecker = spawnSync(PYTHON, ['-c', 'import onnx']).status === 0;

/** What that checker, which ends with strict inference of all shapes, has against each .onnx file: null where nothing. */
export function complaints(files: readonly string[]): (string | null)[] {
  return JSON.parse(execFileSync(PYTHON, ['-c', CHECK, ...files], { encoding: 'utf8' }));
}

// Models, not paths, for the checker: given a path, it writes the shapes that it infers into the file.
const CHECK = `
import json, sys, onnx

def complaint(path):
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        shapes = [value.type.tensor_type.shape.dim for value in inferred.graph.output]
        return None if all(shapes) else 'an output has no shape'
    except Exception as error:
        return str(error)

print(json.dumps([complaint(path) for path in sys.argv[1:]]))
`;
