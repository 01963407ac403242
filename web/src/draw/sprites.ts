// Draws each look of a cell once for each size and theme, to be stamped from then on: a stamp costs a fraction of a
// path, and a grid is thousands of cells.

import { ACCESSED_MARK, DIRTY_MARK, LOCK_MARK, SHARED_MARK, WAIT_MARK } from './looks.ts';
import { type CellsOf, colourOf, glyphOf, NEUTRALS, type Theme } from './palette.ts';
import { pathOf, type Surface } from './surface.ts';

/** A sheet is a square of all looks: a row of them would be wider than a canvas may be. */
const ROW = 16;

/** Below this many device pixels a glyph is a smudge: the hue stands alone. */
const SMALLEST_GLYPH = 9;
/** Below this many there is no room for marks beside it. */
const SMALLEST_MARK = 14;

function roundedRectangle(context: Surface, x: number, y: number, size: number, inset: number) {
  const side = size - 2 * inset;
  const radius = Math.min(4, side * 0.16);
  context.beginPath();
  context.roundRect(x + inset, y + inset, side, side, radius);
}

function drawGlyph(
  context: Surface,
  look: number,
  x: number,
  y: number,
  size: number,
  style: CellStyle,
) {
  const glyph = glyphOf(look, style.of);
  const { ink } = colourOf(style.theme, look);
  // Large cells keep small glyphs: they are signs, not ornaments. A caption stands below.
  const side = style.captioned ? size * 0.56 : Math.min(size, 22 + (size - 22) * 0.2);
  const lift = style.captioned ? size * 0.12 : 0;
  context.save();
  context.translate(x + (size - side) / 2, y + (size - side) / 2 - lift);
  context.scale(side, side);
  if (glyph.filled !== '') {
    context.fillStyle = ink;
    context.fill(pathOf(glyph.filled));
  }
  if (glyph.stroked !== '') {
    context.strokeStyle = ink;
    context.lineWidth = Math.max(0.07, 1.1 / side);
    context.stroke(pathOf(glyph.stroked));
  }
  context.restore();
}

/** The accessed bit as a tick in the upper right corner, and the dirty bit as a dot in the upper left one. */
function drawUse(
  context: Surface,
  look: number,
  x: number,
  y: number,
  size: number,
  ink: string,
): void {
  context.fillStyle = ink;
  const side = Math.max(3, size * 0.2);
  if ((look & ACCESSED_MARK) !== 0) {
    const [right, top] = [x + size - size * 0.06, y + size * 0.06];
    context.beginPath();
    context.moveTo(right - side, top);
    context.lineTo(right, top);
    context.lineTo(right, top + side);
    context.fill();
  }
  if ((look & DIRTY_MARK) !== 0) {
    const radius = Math.max(1.25, size * 0.075);
    context.beginPath();
    context.arc(x + size * 0.09 + radius, y + size * 0.09 + radius, radius, 0, Math.PI * 2);
    context.fill();
  }
}

interface CellStyle {
  readonly theme: Theme;
  readonly of: CellsOf;
  /** Whether the cell leaves room for a caption below its glyph. */
  readonly captioned: boolean;
}

/** Draws one cell, marks included, at a place; sizes are device pixels. */
export function drawCell(
  context: Surface,
  look: number,
  x: number,
  y: number,
  size: number,
  style: CellStyle,
): void {
  const { theme } = style;
  const { fill, ink } = colourOf(theme, look);
  context.fillStyle = fill;
  if (size < 5) {
    context.fillRect(x, y, size, size);
    return;
  }
  roundedRectangle(context, x, y, size, 0);
  context.fill();
  if (size >= SMALLEST_GLYPH) drawGlyph(context, look, x, y, size, style);
  if (size >= SMALLEST_MARK) drawUse(context, look, x, y, size, ink);
  if ((look & SHARED_MARK) !== 0) {
    context.strokeStyle = ink;
    context.lineWidth = Math.max(1, Math.round(size / 20));
    roundedRectangle(context, x, y, size, Math.max(1.5, size * 0.1));
    context.stroke();
  }
  if ((look & (LOCK_MARK | WAIT_MARK)) !== 0) {
    context.strokeStyle = NEUTRALS[theme].mark;
    context.lineWidth = Math.max(1, Math.round(size / 12));
    context.setLineDash((look & WAIT_MARK) !== 0 ? [size / 5, size / 7] : []);
    context.beginPath();
    context.arc(x + size / 2, y + size / 2, size * 0.42, 0, Math.PI * 2);
    context.stroke();
    context.setLineDash([]);
  }
}

interface Sprites {
  readonly sheet: OffscreenCanvas;
  /** The side of a sprite in device pixels. */
  readonly size: number;
  /** Where on the sheet a look is. */
  at(look: number): { x: number; y: number };
}

const sheets = new Map<string, Sprites>();

/** The looks at this size, each drawn when it is first asked for. */
export function spritesFor(size: number, style: CellStyle): Sprites {
  const side = Math.max(1, Math.round(size));
  const key = `${style.theme} ${style.of} ${side} ${style.captioned}`;
  const known = sheets.get(key);
  if (known !== undefined) return known;
  const sheet = new OffscreenCanvas(side * ROW, side * ROW);
  const context = sheet.getContext('2d');
  if (context === null) throw new Error('this browser cannot draw on an off-screen canvas');
  const drawn = new Uint8Array(ROW * ROW);
  const at = (look: number) => {
    const place = { x: (look % ROW) * side, y: Math.floor(look / ROW) * side };
    if (drawn[look] === 0) drawCell(context, look, place.x, place.y, side, style);
    drawn[look] = 1;
    return place;
  };
  const sprites = { sheet, size: side, at };
  // A window dragged by its corner passes through many sizes; keep the latest few.
  if (sheets.size >= 16) sheets.delete(sheets.keys().next().value as string);
  sheets.set(key, sprites);
  return sprites;
}

/** Red, green, blue of each hue, for grids drawn pixel by pixel. */
export function hueBytes(theme: Theme): Uint32Array {
  const bytes = new Uint32Array(8);
  for (let state = 0; state < 8; state++) {
    const hex = Number.parseInt(colourOf(theme, state).fill.slice(1), 16);
    const [red, green, blue] = [hex >> 16, (hex >> 8) & 255, hex & 255];
    bytes[state] = (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return bytes;
}
