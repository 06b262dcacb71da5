import { type Random, randomOf } from '../../../src/index.js';
import { between, clamp, drawFigure, type Figure, type Region } from './shapes.js';

/** Pictures are `SIDE x SIDE` pixels in three planes R G B, rows from the top. */
export const SIDE = 32;
/** Pixels of one plane. */
export const PLANE = SIDE * SIDE;

type Colour = readonly [number, number, number];

/**
 * A figure of the class `label` on a cluttered ground, now and then behind a bar: three planes of intensities, around
 * [0, 1]. The figure's colours keep their distance from the ground and from each other, so that most figures can be told.
 */
export function paint(label: number, random: Random): Float32Array {
  const planes = new Float32Array(3 * PLANE);
  const tint = () => between(random, 0.15, 0.85);
  const ground: Colour = [tint(), tint(), tint()];
  for (let c = 0; c < 3; c++) planes.fill(ground[c], c * PLANE, (c + 1) * PLANE);
  const near = (low: number, high: number) => colourAway(ground, between(random, low, high), random);
  lay(planes, shade(random), near(0.05, 0.25));
  for (let n = random.integer(3); n > 0; n--) lay(planes, softBlob(random), near(0.08, 0.25));
  for (let n = random.integer(4); n > 0; n--) lay(planes, speck(random), near(0.15, 0.4));
  const first = near(0.2, 0.65);
  const second = colourAway(first, between(random, 0.25, 0.65), random);
  layFigure(planes, drawFigure(label, SIDE, random), first, second);
  if (random.uniform() < 0.4) lay(planes, bar(random), colourAway(first, between(random, 0.2, 0.6), random));
  return planes;
}

/** Light, noise and rounding to bytes (planes R G B). */
export function develop(planes: Float32Array, random: Random, out: Uint8Array): void {
  const gain = 255 * between(random, 0.75, 1.15);
  const noise = 255 * between(random, 0.02, 0.12);
  // a walk through a fixed table: far cheaper than 3072 new normal numbers a picture
  let at = random.integer(NOISE.length);
  const step = 1 + 2 * random.integer(NOISE.length / 2);
  for (let p = 0; p < planes.length; p++) {
    at = (at + step) & (NOISE.length - 1);
    const value = gain * planes[p] + noise * NOISE[at] + 0.5;
    out[p] = Math.min(255, Math.max(0, value));
  }
}

const NOISE = (() => {
  const random = randomOf('stand-in noise');
  return Float32Array.from({ length: 1 << 14 }, () => random.normal());
})();

function lay(planes: Float32Array, region: Region, [red, green, blue]: Colour): void {
  const { top, bottom, left, right } = pixelsOf(region);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const share = region.cover(x + 0.5, y + 0.5);
      if (share > 0) blend(planes, y * SIDE + x, share, red, green, blue);
    }
  }
}

function layFigure(planes: Float32Array, figure: Figure, first: Colour, second: Colour): void {
  const { top, bottom, left, right } = pixelsOf(figure);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const share = figure.cover(x + 0.5, y + 0.5);
      if (share <= 0) continue;
      const ink = figure.ink(x + 0.5, y + 0.5);
      const mixed = (c: number) => second[c] + ink * (first[c] - second[c]);
      blend(planes, y * SIDE + x, share, mixed(0), mixed(1), mixed(2));
    }
  }
}

function blend(
  planes: Float32Array,
  p: number,
  share: number,
  red: number,
  green: number,
  blue: number,
): void {
  planes[p] += share * (red - planes[p]);
  planes[PLANE + p] += share * (green - planes[PLANE + p]);
  planes[2 * PLANE + p] += share * (blue - planes[2 * PLANE + p]);
}

/** The pixels that a region may touch, first included, last not. */
function pixelsOf({ centreX, centreY, reach }: Region) {
  const within = (value: number) => Math.min(SIDE, Math.max(0, value));
  return {
    left: within(Math.floor(centreX - reach)),
    right: within(Math.ceil(centreX + reach)),
    top: within(Math.floor(centreY - reach)),
    bottom: within(Math.ceil(centreY + reach)),
  };
}

/**
 * A colour at about `distance` from another, in each channel on average, more often lighter or darker than of another
 * tint, turned back where it would leave [0, 1].
 */
function colourAway(from: Colour, distance: number, random: Random): Colour {
  const grey = random.uniform() < 0.5 ? -1 : 1;
  const [red, green, blue] = [0, 0, 0].map(() => grey + 0.7 * random.normal());
  const scale = distance * Math.sqrt(3 / (red * red + green * green + blue * blue));
  const moved = (value: number, change: number) => {
    const there = value + change;
    return clamp(there < 0 || there > 1 ? value - change : there);
  };
  return [moved(from[0], scale * red), moved(from[1], scale * green), moved(from[2], scale * blue)];
}

/** From nothing on one side of the picture to everything on the other. */
function shade(random: Random): Region {
  const angle = random.uniform() * 2 * Math.PI;
  const cos = Math.cos(angle) / SIDE;
  const sin = Math.sin(angle) / SIDE;
  const middle = SIDE / 2;
  return everywhere((x, y) => clamp(0.5 + (x - middle) * cos + (y - middle) * sin));
}

function softBlob(random: Random): Region {
  const [centreX, centreY] = [random.uniform() * SIDE, random.uniform() * SIDE];
  const reach = between(random, 4, 12);
  const cover = (x: number, y: number) => {
    const [dx, dy] = [(x - centreX) / reach, (y - centreY) / reach];
    const nearness = clamp(1 - dx * dx - dy * dy);
    return nearness * nearness;
  };
  return { centreX, centreY, reach, cover };
}

/** A small disc or a short stroke. */
function speck(random: Random): Region {
  const [centreX, centreY] = [random.uniform() * SIDE, random.uniform() * SIDE];
  const angle = random.uniform() * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const half = random.uniform() < 0.5 ? 0 : between(random, 2, 6);
  const radius = half === 0 ? between(random, 1, 2.4) : between(random, 0.6, 1.2);
  const cover = (x: number, y: number) => {
    const along = cos * (x - centreX) + sin * (y - centreY);
    const across = cos * (y - centreY) - sin * (x - centreX);
    const beyond = Math.max(0, Math.abs(along) - half);
    return clamp(radius + 0.5 - Math.sqrt(beyond * beyond + across * across));
  };
  return { centreX, centreY, reach: half + radius + 1, cover };
}

/** A straight bar right across the picture. */
function bar(random: Random): Region {
  const [x0, y0] = [between(random, 6, SIDE - 6), between(random, 6, SIDE - 6)];
  const angle = random.uniform() * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const halfWidth = between(random, 0.8, 2.2);
  return everywhere((x, y) => clamp(halfWidth + 0.5 - Math.abs(cos * (y - y0) - sin * (x - x0))));
}

function everywhere(cover: Region['cover']): Region {
  return { centreX: SIDE / 2, centreY: SIDE / 2, reach: SIDE / 2, cover };
}
