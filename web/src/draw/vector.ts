// Records what is drawn upon a surface as SVG. What is cleared is taken to be empty already.

import { type Surface, textOfPath } from './surface.ts';

interface State {
  fillStyle: Surface['fillStyle'];
  strokeStyle: Surface['strokeStyle'];
  lineWidth: number;
  lineCap: CanvasLineCap;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  globalAlpha: number;
  dash: readonly number[];
  /** Scale, then translation: nothing here turns or leans. */
  scale: number;
  x: number;
  y: number;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text between tags or quotes; characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"]/g, (character) => entities[character] ?? '')
  );
}

/** A number with no more digits than a picture needs. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const anchors: Partial<Record<CanvasTextAlign, string>> = {
  right: 'end',
  end: 'end',
  center: 'middle',
};
const baselines: Partial<Record<CanvasTextBaseline, string>> = {
  middle: 'central',
  top: 'text-before-edge',
  bottom: 'text-after-edge',
};

export class VectorSurface implements Surface {
  fillStyle: State['fillStyle'] = '#000';
  strokeStyle: State['strokeStyle'] = '#000';
  lineWidth = 1;
  lineCap: CanvasLineCap = 'butt';
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  globalAlpha = 1;
  readonly #elements: string[] = [];
  readonly #saved: State[] = [];
  #dash: readonly number[] = [];
  #scale = 1;
  #x = 0;
  #y = 0;
  #path = '';

  /** All elements, in the order drawn. */
  get svg(): string {
    return this.#elements.join('');
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, lineCap, font } = this;
    const { textAlign, textBaseline, globalAlpha } = this;
    this.#saved.push({
      ...{ fillStyle, strokeStyle, lineWidth, lineCap, font, textAlign, textBaseline, globalAlpha },
      ...{ dash: this.#dash, scale: this.#scale, x: this.#x, y: this.#y },
    });
  }

  restore(): void {
    const state = this.#saved.pop();
    if (state === undefined) return;
    const { dash, scale, x, y, ...styles } = state;
    Object.assign(this, styles);
    this.#dash = dash;
    this.#scale = scale;
    this.#x = x;
    this.#y = y;
  }

  scale(x: number, _y: number): void {
    this.#scale *= x;
  }

  translate(x: number, y: number): void {
    this.#x += x * this.#scale;
    this.#y += y * this.#scale;
  }

  setTransform(...[scale = 1, , , , x = 0, y = 0]: unknown[]): void {
    this.#scale = scale as number;
    this.#x = x as number;
    this.#y = y as number;
  }

  clearRect(): void {}

  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  beginPath(): void {
    this.#path = '';
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${this.#point(x, y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${this.#point(x, y)}`;
  }

  roundRect(x: number, y: number, width: number, height: number, radii?: unknown): void {
    const round = typeof radii === 'number' ? Math.min(radii, width / 2, height / 2) : 0;
    const r = short(round * this.#scale);
    const corner = (dx: number, dy: number) =>
      `a${r} ${r} 0 0 1 ${short(dx * round * this.#scale)} ${short(dy * round * this.#scale)}`;
    const across = short((width - 2 * round) * this.#scale);
    const down = short((height - 2 * round) * this.#scale);
    this.#path +=
      `M${this.#point(x + round, y)}h${across}${corner(1, 1)}v${down}${corner(-1, 1)}` +
      `h-${across}${corner(-1, -1)}v-${down}${corner(1, -1)}z`;
  }

  /** Whole circles alone. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius * this.#scale);
    const half = (sign: number) => `a${r} ${r} 0 1 1 ${short(sign * 2 * radius * this.#scale)} 0`;
    this.#path += `M${this.#point(x - radius, y)}${half(1)}${half(-1)}z`;
  }

  fill(path?: unknown): void {
    this.#add(path, `fill="${this.#colour(this.fillStyle)}"`);
  }

  stroke(path?: unknown): void {
    // A path of its own is written in its own units, and a line's width with it.
    const scale = path instanceof Object ? 1 : this.#scale;
    this.#add(path, this.#strokes(scale));
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, `fill="${this.#colour(this.fillStyle)}"`);
  }

  strokeRect(x: number, y: number, width: number, height: number): void {
    this.#rectangle(x, y, width, height, this.#strokes(this.#scale));
  }

  fillText(text: string, x: number, y: number): void {
    const [left, top] = [short(x * this.#scale + this.#x), short(y * this.#scale + this.#y)];
    const size = Number.parseFloat(/([\d.]+)px/.exec(this.font)?.[1] ?? '10') * this.#scale;
    const family = this.font.replace(/^.*?px\s*/, '');
    const anchor = anchors[this.textAlign];
    const baseline = baselines[this.textBaseline];
    this.#elements.push(
      `<text x="${left}" y="${top}" font-size="${short(size)}" font-family="${escapeXml(family)}"` +
        `${anchor === undefined ? '' : ` text-anchor="${anchor}"`}` +
        `${baseline === undefined ? '' : ` dominant-baseline="${baseline}"`}` +
        ` fill="${this.#colour(this.fillStyle)}"${this.#opacity()}>${escapeXml(text)}</text>`,
    );
  }

  #point(x: number, y: number): string {
    return `${short(x * this.#scale + this.#x)} ${short(y * this.#scale + this.#y)}`;
  }

  #colour(style: State['fillStyle']): string {
    return typeof style === 'string' ? escapeXml(style) : 'none';
  }

  #opacity(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${short(this.globalAlpha)}"`;
  }

  #strokes(scale: number): string {
    const dash = this.#dash.map((part) => short(part * scale)).join(' ');
    return (
      `fill="none" stroke="${this.#colour(this.strokeStyle)}" stroke-width="${short(this.lineWidth * scale)}"` +
      `${dash === '' ? '' : ` stroke-dasharray="${dash}"`}` +
      `${this.lineCap === 'butt' ? '' : ` stroke-linecap="${this.lineCap}"`}`
    );
  }

  #add(path: unknown, paint: string): void {
    if (typeof Path2D !== 'undefined' && path instanceof Path2D) {
      const place = `translate(${short(this.#x)} ${short(this.#y)}) scale(${short(this.#scale)})`;
      const text = escapeXml(textOfPath(path));
      this.#elements.push(`<path d="${text}" transform="${place}" ${paint}${this.#opacity()}/>`);
    } else if (this.#path !== '') {
      this.#elements.push(`<path d="${this.#path}" ${paint}${this.#opacity()}/>`);
    }
  }

  #rectangle(x: number, y: number, width: number, height: number, paint: string): void {
    const place = `x="${short(x * this.#scale + this.#x)}" y="${short(y * this.#scale + this.#y)}"`;
    const size = `width="${short(width * this.#scale)}" height="${short(height * this.#scale)}"`;
    this.#elements.push(`<rect ${place} ${size} ${paint}${this.#opacity()}/>`);
  }
}
