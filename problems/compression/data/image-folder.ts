import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Sharp } from 'sharp';
import { InputError, RunError, show } from '../../../src/index.js';
import { byteDataset, limited, normalisationTable } from './byte-dataset.js';
import type { DataOptions, Dataset } from './dataset.js';

/**
 * Reads a folder of images, one sub-folder a class. JPEG, PNG and WebP files count (by extension); other files, hidden
 * ones and deeper folders are passed over. The class of a sub-folder is its place among the sub-folders sorted by name
 * (by UTF-16 code unit, whatever the locale), or, where `classNames` is given, the place of its name in that list.
 *
 * The order takes the first file (by name) of each class, then the second of each, and so on: however small the
 * limit, it spreads over the classes.
 *
 * An image of another size than `sampleShape` asks is resized (bilinear, antialiased) until it just covers that
 * size, and the middle is cut out: the shorter side decides, the longer one loses its ends. Where the shape is free
 * (-1, or not given) the first image's own size serves. Channels: 3 is RGB, 1 is grey; transparency is dropped and
 * the orientation tag ignored, as training pipelines do. The pixels are kept as bytes.
 *
 * Throws an InputError when the folder is missing or no folder, has no sub-folders or no images, when a sub-folder
 * names no known class, when an image can't be decoded, and on an unusable limit, mean, std or shape; a RunError
 * where sharp is not installed.
 */
export async function readImageFolder(folder: string, options: DataOptions): Promise<Dataset> {
  const shape = options.sampleShape ?? [-1, -1, -1];
  if (shape.length !== 3 || ![1, 3, -1].includes(shape[0]))
    throw new InputError(
      `images fit networks that take [3, height, width] or [1, height, width], got [${shape.join(', ')}]`,
    );
  const channels = shape[0] === 1 ? 1 : 3;
  const table = normalisationTable(channels, options);
  const classes = await classesIn(folder, options.classNames);
  const files = inTurns(classes);
  if (files.length === 0)
    throw new InputError(`${show(folder)} must hold .jpg, .png or .webp images in its sub-folders, got none`);
  const count = limited(files.length, options);
  const decode = await loadDecoder();
  const [height, width] = await sizeOf(decode, files[0].path, shape[1], shape[2]);
  const bytes = new Uint8Array(count * channels * height * width);
  const labels = new Int32Array(count);
  let next = 0;
  const work = async () => {
    while (next < count) {
      const i = next++;
      labels[i] = files[i].label;
      const pixels = await decodeImage(decode(files[i].path), files[i].path, channels, height, width);
      toPlanes(pixels, channels, bytes.subarray(i * pixels.length, (i + 1) * pixels.length));
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return byteDataset(
    {
      name: `images:${basename(folder)}`,
      sampleShape: [channels, height, width],
      labels,
      classNames: options.classNames ?? classes.map(({ name }) => name),
      bytes,
      stride: channels * height * width,
      offset: 0,
    },
    table,
  );
}

interface ClassFolder {
  readonly name: string;
  readonly label: number;
  /** Sorted by name. */
  readonly paths: readonly string[];
}

async function classesIn(folder: string, classNames?: readonly string[]): Promise<ClassFolder[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new InputError(`images must be in an existing folder, got ${show(folder)}`);
  const names: string[] = [];
  for (const name of await visible(folder))
    if ((await stat(join(folder, name)).catch(() => undefined))?.isDirectory()) names.push(name);
  if (names.length === 0)
    throw new InputError(`a folder of images must have one sub-folder a class, got none in ${show(folder)}`);
  const classes: ClassFolder[] = [];
  for (const [place, name] of names.entries()) {
    const label = classNames ? classNames.indexOf(name) : place;
    if (label < 0)
      throw new InputError(
        `every sub-folder of images must bear the name of a class ${show(classNames)}, got ${show(name)}`,
      );
    const files = await visible(join(folder, name));
    const images = files.filter((file) => /^\.(jpe?g|png|webp)$/i.test(extname(file)));
    classes.push({ name, label, paths: images.map((file) => join(folder, name, file)) });
  }
  return classes;
}

async function visible(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    throw new InputError(
      `a folder of images must be readable, got ${show(folder)} (${(error as NodeJS.ErrnoException).code})`,
    );
  }
}

/** The first of each class, then the second of each, and so on. */
function inTurns(classes: readonly ClassFolder[]): { readonly path: string; readonly label: number }[] {
  const rounds = classes.reduce((most, { paths }) => Math.max(most, paths.length), 0);
  return Array.from({ length: rounds }, (_, round) =>
    classes.flatMap(({ paths, label }) => (round < paths.length ? [{ path: paths[round], label }] : [])),
  ).flat();
}

async function loadDecoder(): Promise<(path: string) => Sharp> {
  try {
    const { default: sharp } = await import('sharp');
    return (path) => sharp(path);
  } catch (error) {
    throw new RunError('reading images needs the package sharp; add it with: npm install sharp', {
      cause: error,
    });
  }
}

async function sizeOf(
  decode: (path: string) => Sharp,
  path: string,
  height: number,
  width: number,
): Promise<[number, number]> {
  if (height > 0 && width > 0) return [height, width];
  const own = await decode(path)
    .metadata()
    .catch((error: unknown) => unreadable(path, error));
  return [height > 0 ? height : own.height, width > 0 ? width : own.width];
}

/** The pixels, interleaved: height x width x channels bytes, row-major. */
async function decodeImage(
  image: Sharp,
  path: string,
  channels: 1 | 3,
  height: number,
  width: number,
): Promise<Uint8Array> {
  try {
    const { width: ownWidth, height: ownHeight } = await image.metadata();
    const sized =
      ownWidth === width && ownHeight === height
        ? image
        : image.resize(width, height, {
            fit: 'cover',
            position: 'centre',
            kernel: 'linear',
            fastShrinkOnLoad: false,
          });
    const pixels = await sized
      .removeAlpha()
      .toColourspace(channels === 1 ? 'b-w' : 'srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
    if (pixels.length !== channels * height * width)
      throw new Error(`decoded to ${pixels.length} bytes instead of ${channels * height * width}`);
    return pixels;
  } catch (error) {
    return unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): never {
  const reason = String(error instanceof Error ? error.message : error).split('\n')[0];
  throw new InputError(`every image must be decodable, got ${show(path)} (${reason})`);
}

function toPlanes(pixels: Uint8Array, channels: number, out: Uint8Array): void {
  const plane = out.length / channels;
  for (let p = 0, from = 0; p < plane; p++)
    for (let channel = 0; channel < channels; channel++) out[channel * plane + p] = pixels[from++];
}
