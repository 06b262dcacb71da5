import { readFileSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { InputError, messageOf, show } from '../errors.js';
import { loadCompression } from './compression.js';
import { checkOutputFile, writeWhole } from './output-file.js';

interface UnpackFlags {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `fronteira unpack`: the .onnx file in a container. */
export function unpackCommand(): Command {
  return new Command('unpack')
    .description('rebuild the .onnx file of a .onnz container')
    .argument('<container>', 'the .onnz file')
    .requiredOption('-o, --out <file>', 'the .onnx file to write')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print JSON')
    .action(unpackFile);
}

async function unpackFile(container: string, flags: UnpackFlags): Promise<void> {
  checkOutputFile(flags.out, flags.force ?? false);
  const bytes = readWhole(container);
  const { unpack } = await loadCompression();
  const model = unpack(bytes);
  writeWhole(flags.out, model);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ out: flags.out, size: bytes.length, modelSize: model.length })}\n`
      : `${model.length} bytes from ${bytes.length}, written to ${flags.out}\n`,
  );
}

/** The bytes of a file. Throws an InputError on what is none, such as a folder or a device, which may have no end. */
function readWhole(path: string): Uint8Array {
  const refused = (why: string) =>
    new InputError(`the container must be a readable file, got ${show(path)} (${why})`);
  try {
    if (statSync(path).isFile()) return readFileSync(path);
  } catch (error) {
    throw refused((error as NodeJS.ErrnoException).code ?? messageOf(error));
  }
  throw refused('no regular file');
}
