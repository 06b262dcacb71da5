import type { Random } from '../../../src/index.js';

/** A region of a picture in pixels, the origin at the top left corner: nothing of it lies outside the square around its centre. */
export interface Region {
  readonly centreX: number;
  readonly centreY: number;
  /** Half the side of the square. */
  readonly reach: number;
  /** Share of the pixel around (x, y) that it covers, in [0, 1]. */
  readonly cover: (x: number, y: number) => number;
}

/** A region in one or two colours. */
export interface Figure extends Region {
  /** Share of the first colour at (x, y), in [0, 1]; the rest is the second. */
  readonly ink: (x: number, y: number) => number;
}

/** The classes in the order of their labels. */
export const CLASS_NAMES = [
  'disc',
  'ring',
  'square',
  'triangle',
  'cross',
  'star',
  'horizontal stripes',
  'vertical stripes',
  'diagonal stripes',
  'checkerboard',
] as const;

/**
 * A figure of the class `label` somewhere inside a square picture of `side` pixels: place, size, turn, proportions and,
 * for textures, window and period are random.
 */
export function drawFigure(label: number, side: number, random: Random): Figure {
  const texture = TEXTURES[label - SHAPES.length];
  return texture === undefined
    ? plainFigure(SHAPES[label], side, random)
    : texturedFigure(texture, side, random);
}

/** Distance in units of the radius from a point to the outline of a figure of radius 1, negative inside. */
type Shape = (u: number, v: number) => number;

const SHAPES: readonly Shape[] = [
  (u, v) => Math.sqrt(u * u + v * v) - 0.9,
  (u, v) => Math.abs(Math.sqrt(u * u + v * v) - 0.7) - 0.27,
  (u, v) => box(u, v, 0.8, 0.8),
  triangle,
  (u, v) => Math.min(box(u, v, 1, 0.32), box(u, v, 0.32, 1)),
  star,
];

/** A pattern between -1 and 1 over phases in radians; `turn` draws the angle at which it stands. */
interface Texture {
  readonly turn: (random: Random) => number;
  readonly pattern: (u: number, v: number) => number;
}

const wobble = (random: Random) => (random.uniform() * 2 - 1) * 0.28;
const TEXTURES: readonly Texture[] = [
  { turn: (random) => Math.PI / 2 + wobble(random), pattern: (u) => Math.sin(u) },
  { turn: (random) => wobble(random), pattern: (u) => Math.sin(u) },
  {
    turn: (random) => (random.uniform() < 0.5 ? 1 : -1) * (Math.PI / 4) + wobble(random),
    pattern: (u) => Math.sin(u),
  },
  { turn: (random) => random.uniform() * Math.PI, pattern: (u, v) => Math.sin(u) * Math.sin(v) },
];

function plainFigure(shape: Shape, side: number, random: Random): Figure {
  const radius = between(random, 5, 11);
  const { centreX, centreY } = place(random, side, radius);
  const angle = random.uniform() * 2 * Math.PI;
  const stretch = between(random, 0.84, 1.19);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const cover = (x: number, y: number) => {
    const dx = (x - centreX) / radius;
    const dy = (y - centreY) / radius;
    return clamp(0.5 - radius * shape((cos * dx + sin * dy) * stretch, (cos * dy - sin * dx) / stretch));
  };
  return { centreX, centreY, reach: 1.4 * radius + 1, cover, ink: () => 1 };
}

/** A texture seen through a round or square window. */
function texturedFigure(texture: Texture, side: number, random: Random): Figure {
  const radius = between(random, 6, 11.5);
  const { centreX, centreY } = place(random, side, radius);
  const angle = texture.turn(random);
  const window = SHAPES[random.uniform() < 0.5 ? 0 : 2];
  const frequency = (2 * Math.PI) / between(random, 4, 7.5);
  const phaseU = random.uniform() * 2 * Math.PI;
  const phaseV = random.uniform() * 2 * Math.PI;
  const cos = Math.cos(angle) * frequency;
  const sin = Math.sin(angle) * frequency;
  const cover = (x: number, y: number) =>
    clamp(0.5 - radius * window((x - centreX) / radius, (y - centreY) / radius));
  const ink = (x: number, y: number) => {
    const dx = x - centreX;
    const dy = y - centreY;
    return clamp(0.5 + 1.2 * texture.pattern(cos * dx + sin * dy + phaseU, cos * dy - sin * dx + phaseV));
  };
  return { centreX, centreY, reach: radius + 1, cover, ink };
}

/** A centre that keeps most of a figure of the radius inside the picture. */
function place(random: Random, side: number, radius: number) {
  const margin = radius;
  return { centreX: between(random, margin, side - margin), centreY: between(random, margin, side - margin) };
}

function box(u: number, v: number, halfWidth: number, halfHeight: number): number {
  return Math.max(Math.abs(u) - halfWidth, Math.abs(v) - halfHeight);
}

/** Equilateral, the largest of the distances to its three sides. */
function triangle(u: number, v: number): number {
  const slope = Math.abs(u) * 0.8660254037844386 + v * 0.5;
  return Math.max(slope, -v) - 0.5;
}

/** Five points: the plane is folded along the mirror axes of the star until one edge is left. */
function star(u: number, v: number): number {
  const sector = (2 * Math.PI) / 5;
  const angle = Math.atan2(u, v);
  const folded = Math.abs(angle - Math.round(angle / sector) * sector);
  const radius = Math.sqrt(u * u + v * v);
  // the edge runs from the tip (angle 0, radius 1.05) to the notch (angle sector / 2, radius 0.46)
  const notchX = 0.46 * Math.sin(sector / 2);
  const notchY = 0.46 * Math.cos(sector / 2) - 1.05;
  const px = radius * Math.sin(folded);
  const py = radius * Math.cos(folded) - 1.05;
  return (notchX * py - notchY * px) / Math.hypot(notchX, notchY);
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

export function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
