// Paints a grid of looks. Cells that look as they did are left alone, so that a frame in which one page
// changes costs one stamp; very small cells go through pixels instead.

import { cellBox, type GridShape, INSET, rowsWithin } from './grid.ts';
import { SHARED_MARK } from './looks.ts';
import { type CellsOf, colourOf, NEUTRALS, type Theme } from './palette.ts';
import { drawCell, hueBytes, spritesFor } from './sprites.ts';
import type { Surface } from './surface.ts';

export interface GridView {
  /** The first line of the grid that shows, and how much of it: CSS pixels. */
  readonly top: number;
  readonly height: number;
  readonly ratio: number;
  readonly theme: Theme;
  /** Whether large cells have captions. */
  readonly captioned: boolean;
  readonly of: CellsOf;
}

const FAMILY = 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

/** Larger cells have larger words upon and beside them. */
const labelFont = (pitch: number) =>
  `${Math.max(10, Math.min(18, Math.round(pitch / 3.2)))}px ${FAMILY}`;
const captionSize = (pitch: number) => Math.max(9, Math.min(16, Math.round(pitch / 3.9)));
const captionFont = (pitch: number) => `${captionSize(pitch)}px ${FAMILY}`;

/** Below this pitch, in device pixels, a stamp costs more than the pixels it covers. */
const PIXELWISE = 5;

/**
 * Paints the cells whose look differs from `painted`, all of them when it is null, and returns how many.
 * The context is in device pixels; `painted` is brought up to date by the caller.
 */
export function paintCells(
  context: CanvasRenderingContext2D,
  shape: GridShape,
  looks: Uint8Array,
  painted: Uint8Array | null,
  view: GridView,
): number {
  const pitch = Math.round(shape.pitch * view.ratio);
  if (pitch < PIXELWISE) return paintPixels(context, shape, looks, painted, view);
  const [firstRow, lastRow] = rowsWithin(shape, view.top, view.height);
  const sprites = spritesFor((shape.pitch - shape.gap) * view.ratio, {
    theme: view.theme,
    of: view.of,
    captioned: view.captioned && shape.pitch >= CAPTION_PITCH,
  });
  const first = firstRow * shape.columns;
  const last = Math.min(shape.count, lastRow * shape.columns);
  let count = 0;
  for (let index = first; index < last; index++) {
    const look = looks[index] as number;
    if (painted !== null && painted[index] === look) continue;
    const box = cellBox(shape, index);
    const x = Math.round(box.x * view.ratio);
    const y = Math.round((box.y - view.top) * view.ratio);
    context.clearRect(x, y, sprites.size, sprites.size);
    const sprite = sprites.at(look);
    context.drawImage(
      sprites.sheet,
      sprite.x,
      sprite.y,
      sprites.size,
      sprites.size,
      x,
      y,
      sprites.size,
      sprites.size,
    );
    count++;
  }
  return count;
}

/** Draws every cell that shows, one by one and without stamps: for a surface that keeps shapes. */
export function drawCells(
  surface: Surface,
  shape: GridShape,
  looks: Uint8Array,
  { top, height, theme, captioned, of }: GridView,
): void {
  const style = { theme, of, captioned: captioned && shape.pitch >= CAPTION_PITCH };
  const [firstRow, lastRow] = rowsWithin(shape, top, height);
  const last = Math.min(shape.count, lastRow * shape.columns);
  for (let index = firstRow * shape.columns; index < last; index++) {
    const { x, y, size } = cellBox(shape, index);
    drawCell(surface, looks[index] as number, x, y - top, size, style);
  }
}

function paintPixels(
  context: CanvasRenderingContext2D,
  shape: GridShape,
  looks: Uint8Array,
  painted: Uint8Array | null,
  view: GridView,
): number {
  const [firstRow, lastRow] = rowsWithin(shape, view.top, view.height);
  const first = firstRow * shape.columns;
  const last = Math.min(shape.count, lastRow * shape.columns);
  const edge = (cell: number) => Math.round(cell * shape.pitch * view.ratio);
  const [width, height] = [edge(shape.columns), edge(lastRow - firstRow)];
  if (width < 1 || height < 1) return 0;
  const image = imageOf(context, width, height);
  const pixels = new Uint32Array(image.data.buffer);
  if (painted === null) pixels.fill(0);
  const hues = hueBytes(view.theme);
  const edges = Int32Array.from({ length: shape.columns }, (_, column) => edge(column + 1));
  let [top, bottom] = [-1, -1];
  for (let row = 0; row < lastRow - firstRow; row++) {
    const begin = first + row * shape.columns;
    const end = Math.min(begin + shape.columns, last);
    if (painted !== null && isSame(looks, painted, begin, end)) continue;
    if (top < 0) top = edge(row);
    bottom = edge(row + 1);
    const line = edge(row) * width;
    for (let index = begin, x = 0; index < end; index++) {
      const hue = hues[(looks[index] as number) & 7] as number;
      for (const right = edges[index - begin] as number; x < right; x++) pixels[line + x] = hue;
    }
    for (let y = edge(row) + 1; y < bottom; y++) {
      pixels.copyWithin(y * width, line, line + width);
    }
  }
  if (top < 0) return 0;
  const left = Math.round((INSET + shape.gutter) * view.ratio);
  const offset = Math.round((INSET + firstRow * shape.pitch - view.top) * view.ratio);
  context.putImageData(image, left, offset, 0, top, width, bottom - top);
  return last - first;
}

function isSame(looks: Uint8Array, painted: Uint8Array, begin: number, end: number): boolean {
  for (let index = begin; index < end; index++) if (painted[index] !== looks[index]) return false;
  return true;
}

const images = new WeakMap<CanvasRenderingContext2D, ImageData>();

/** The pixels that were put on a canvas last: a new image for each frame would be a megabyte to be cleared away. */
function imageOf(context: CanvasRenderingContext2D, width: number, height: number): ImageData {
  const known = images.get(context);
  if (known !== undefined && known.width === width && known.height === height) return known;
  const image = new ImageData(width, height);
  images.set(context, image);
  return image;
}

/** From this pitch on, in CSS pixels, a cell has room for a caption below its glyph. */
const CAPTION_PITCH = 26;
/** About the width of a character of a caption. */
const CAPTION_CHARACTER = 5.5;

/** A few characters in each cell that is large enough: what a page is in, what a frame holds. */
export function paintCaptions(
  context: Surface,
  shape: GridShape,
  looks: Uint8Array,
  view: GridView,
  caption: (index: number, look: number) => string,
): void {
  if (shape.pitch < CAPTION_PITCH) return;
  const [firstRow, lastRow] = rowsWithin(shape, view.top, view.height);
  const last = Math.min(shape.count, lastRow * shape.columns);
  context.save();
  context.scale(view.ratio, view.ratio);
  context.font = captionFont(shape.pitch);
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  for (let index = firstRow * shape.columns; index < last; index++) {
    const look = looks[index] as number;
    const words = caption(index, look);
    if (words === '') continue;
    const { x, y, size } = cellBox(shape, index);
    if (words.length * CAPTION_CHARACTER > size - 4) continue;
    const { fill, ink } = colourOf(view.theme, look);
    if ((look & SHARED_MARK) !== 0) {
      // The mark of a shared cell runs where the words stand: it gives way to them.
      const wide = words.length * 0.62 * captionSize(shape.pitch);
      const high = captionSize(shape.pitch) * 0.9;
      context.fillStyle = fill;
      context.fillRect(x + size - 4 - wide, y + size - 2 - high - view.top, wide + 2, high);
    }
    context.fillStyle = ink;
    context.fillText(words, x + size - 3, y + size - 3 - view.top);
  }
  context.restore();
}

/** The number of each row's first cell, as often as there is room. */
export function paintRowLabels(
  context: Surface,
  shape: GridShape,
  view: GridView,
  first: number,
): void {
  if (shape.gutter === 0) return;
  const [firstRow, lastRow] = rowsWithin(shape, view.top, view.height);
  const every = Math.max(1, Math.ceil(13 / shape.pitch));
  context.save();
  context.scale(view.ratio, view.ratio);
  context.clearRect(0, 0, shape.gutter - 1, view.height);
  context.fillStyle = NEUTRALS[view.theme].label;
  context.font = labelFont(shape.pitch);
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let row = firstRow; row < lastRow; row++) {
    if (row % every !== 0) continue;
    const y = INSET + row * shape.pitch - view.top + (shape.pitch - shape.gap) / 2;
    context.fillText(String(first + row * shape.columns), INSET + shape.gutter - 8, y);
  }
  context.restore();
}
