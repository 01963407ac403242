// Places cells along an ellipse, equally far from each other, clockwise from the top.

export interface RingShape {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Straight pieces by which the way along the ellipse is measured. */
const PIECES = 720;

function pointAt({ x, y, radiusX, radiusY }: RingShape, share: number): Point {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return { x: x + radiusX * Math.cos(angle), y: y + radiusY * Math.sin(angle) };
}

/** The places of so many cells. */
export function ringPlaces(count: number, shape: RingShape): Point[] {
  const ways = [0];
  let before = pointAt(shape, 0);
  for (let piece = 1; piece <= PIECES; piece++) {
    const here = pointAt(shape, piece / PIECES);
    ways.push((ways[piece - 1] ?? 0) + Math.hypot(here.x - before.x, here.y - before.y));
    before = here;
  }
  const whole = ways[PIECES] ?? 0;
  let piece = 0;
  return Array.from({ length: count }, (_, at) => {
    const way = (whole * at) / count;
    while (piece < PIECES && (ways[piece + 1] ?? 0) <= way) piece++;
    return pointAt(shape, piece / PIECES);
  });
}

/** The side of an upright cell, so that as many fit beside each other and none is larger than `most`. */
export function ringCell(count: number, { radiusX, radiusY }: RingShape, most: number): number {
  const around = 2 * Math.PI * Math.sqrt((radiusX ** 2 + radiusY ** 2) / 2);
  return Math.min(most, (0.7 * around) / Math.max(1, count));
}
