// Makes a picture of a panel: its boxes, lines and words as the browser laid them out, and its canvases drawn once
// more. No screenshot: words stay words, and a picture is as sharp as the paper it is printed on.

import { escapeXml, short, VectorSurface } from '../draw/vector.ts';
import { drawingOf } from './drawings.ts';

/** The SVG of an element of the page. */
export function svgOf(element: HTMLElement): string {
  const bounds = element.getBoundingClientRect();
  const picture = new Picture(bounds.left, bounds.top);
  picture.add(element);
  const [width, height] = [Math.ceil(bounds.width), Math.ceil(bounds.height)];
  const title = escapeXml(element.querySelector('h2')?.textContent ?? '');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"` +
    ` viewBox="0 0 ${width} ${height}"><title>${title}</title>${picture.svg}</svg>`
  );
}

/** The same as pixels, twice as many each way as on the page. */
export async function pngOf(element: HTMLElement): Promise<Blob> {
  const svg = svgOf(element);
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('this browser makes no PNG'));
        else resolve(blob);
      }, 'image/png');
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

const measure = () => document.createElement('canvas').getContext('2d');

class Picture {
  readonly #left: number;
  readonly #top: number;
  readonly #parts: string[] = [];
  readonly #ruler = measure();
  #clips = 0;

  constructor(left: number, top: number) {
    this.#left = left;
    this.#top = top;
  }

  get svg(): string {
    return this.#parts.join('');
  }

  add(element: Element): void {
    const style = getComputedStyle(element);
    const bounds = element.getBoundingClientRect();
    if (style.display === 'none' || style.visibility === 'hidden') return;
    // What is there for screen readers alone has no place in a picture.
    if (bounds.width <= 1 || bounds.height <= 1) {
      if (style.overflow !== 'visible' || element instanceof HTMLCanvasElement) return;
    }
    if (element instanceof SVGSVGElement) this.#drawing(element, style, bounds);
    else if (element instanceof HTMLCanvasElement) this.#canvas(element, bounds);
    else this.#contents(element, style, bounds);
  }

  #contents(element: Element, style: CSSStyleDeclaration, bounds: DOMRect): void {
    this.#box(style, bounds);
    const isClipped = style.overflow !== 'visible';
    if (isClipped) this.#openClip(bounds);
    if (element instanceof HTMLSelectElement) {
      this.#words(element.selectedOptions[0]?.text ?? '', style, bounds);
    } else if (element instanceof HTMLInputElement) {
      if (element.type !== 'range') this.#words(element.value, style, bounds);
    } else {
      for (const child of element.childNodes) {
        if (child instanceof Element) this.add(child);
        else if (child instanceof Text) this.#text(child, style);
      }
    }
    if (isClipped) this.#parts.push('</g>');
  }

  #place(bounds: DOMRect): string {
    const [x, y] = [short(bounds.left - this.#left), short(bounds.top - this.#top)];
    return `x="${x}" y="${y}" width="${short(bounds.width)}" height="${short(bounds.height)}"`;
  }

  #openClip(bounds: DOMRect): void {
    const id = `clip-${this.#clips++}`;
    this.#parts.push(
      `<clipPath id="${id}"><rect ${this.#place(bounds)}/></clipPath><g clip-path="url(#${id})">`,
    );
  }

  #box(style: CSSStyleDeclaration, bounds: DOMRect): void {
    const round = Number.parseFloat(style.borderTopLeftRadius) || 0;
    const corner = round > 0 ? ` rx="${short(Math.min(round, bounds.height / 2))}"` : '';
    if (isSeen(style.backgroundColor)) {
      const fill = escapeXml(style.backgroundColor);
      this.#parts.push(`<rect ${this.#place(bounds)}${corner} fill="${fill}"/>`);
    }
    const width = Number.parseFloat(style.borderTopWidth) || 0;
    const sides = [style.borderRightWidth, style.borderBottomWidth, style.borderLeftWidth];
    if (width > 0 && sides.every((side) => side === style.borderTopWidth)) {
      if (!isSeen(style.borderTopColor)) return;
      const inside = new DOMRect(
        ...([bounds.left + width / 2, bounds.top + width / 2] as const),
        ...([bounds.width - width, bounds.height - width] as const),
      );
      const stroke = `stroke="${escapeXml(style.borderTopColor)}" stroke-width="${short(width)}"`;
      this.#parts.push(`<rect ${this.#place(inside)}${corner} fill="none" ${stroke}/>`);
    } else if (Number.parseFloat(style.borderBottomWidth) > 0 && isSeen(style.borderBottomColor)) {
      const line = new DOMRect(bounds.left, bounds.bottom - 1, bounds.width, 1);
      this.#parts.push(`<rect ${this.#place(line)} fill="${escapeXml(style.borderBottomColor)}"/>`);
    }
  }

  #drawing(element: SVGSVGElement, style: CSSStyleDeclaration, bounds: DOMRect): void {
    const copy = element.cloneNode(true) as SVGSVGElement;
    for (const name of ['class', 'style', 'aria-hidden']) copy.removeAttribute(name);
    copy.setAttribute('x', short(bounds.left - this.#left));
    copy.setAttribute('y', short(bounds.top - this.#top));
    copy.setAttribute('color', style.color);
    this.#parts.push(new XMLSerializer().serializeToString(copy));
  }

  #canvas(element: HTMLCanvasElement, bounds: DOMRect): void {
    const draw = drawingOf(element);
    if (draw === undefined) return;
    const surface = new VectorSurface();
    draw(surface);
    const [x, y] = [short(bounds.left - this.#left), short(bounds.top - this.#top)];
    this.#parts.push(`<g transform="translate(${x} ${y})">${surface.svg}</g>`);
  }

  /** The words of a field, which are no text of the document. */
  #words(words: string, style: CSSStyleDeclaration, bounds: DOMRect): void {
    const size = Number.parseFloat(style.fontSize);
    const left = bounds.left + (Number.parseFloat(style.paddingLeft) || 0) + 1;
    const baseline = bounds.top + bounds.height / 2 + size * 0.35;
    this.#line(words, style, left, baseline, undefined);
  }

  /** A text node, line by line as the browser broke it. */
  #text(node: Text, style: CSSStyleDeclaration): void {
    if (node.data.trim() === '') return;
    const words = node.data.trim();
    const range = document.createRange();
    range.setStart(node, node.data.indexOf(words));
    range.setEnd(node, range.startOffset + words.length);
    const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
    const [first] = rects;
    if (first === undefined) return;
    if (rects.length === 1) {
      this.#textLine(words, style, first);
      return;
    }
    // Several lines: each word belongs to the line that it begins on.
    let line: { words: string; box: DOMRect } | undefined;
    for (const match of node.data.matchAll(/\S+\s*/g)) {
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].trimEnd().length);
      const box = range.getBoundingClientRect();
      if (line !== undefined && Math.abs(line.box.top - box.top) < 2) {
        line.words += match[0];
        line.box = new DOMRect(
          ...([line.box.left, line.box.top] as const),
          ...([box.right - line.box.left, line.box.height] as const),
        );
        continue;
      }
      if (line !== undefined) this.#textLine(line.words, style, line.box);
      line = { words: match[0], box };
    }
    if (line !== undefined) this.#textLine(line.words, style, line.box);
  }

  #textLine(words: string, style: CSSStyleDeclaration, box: DOMRect): void {
    const size = Number.parseFloat(style.fontSize);
    let ascent = size * 0.8;
    if (this.#ruler !== null) {
      this.#ruler.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const { fontBoundingBoxAscent: above, fontBoundingBoxDescent: below } =
        this.#ruler.measureText('x');
      ascent = (box.height * above) / (above + below);
    }
    this.#line(words.trim(), style, box.left, box.top + ascent, box.width);
  }

  #line(
    words: string,
    style: CSSStyleDeclaration,
    left: number,
    baseline: number,
    width: number | undefined,
  ): void {
    if (words === '') return;
    const [x, y] = [short(left - this.#left), short(baseline - this.#top)];
    // Where the font is another, the words still take the room that they had.
    const length = width === undefined ? '' : ` textLength="${short(width)}"`;
    const font = `font-size="${short(Number.parseFloat(style.fontSize))}" font-weight="${style.fontWeight}"`;
    const family = `font-family="${escapeXml(style.fontFamily)}"`;
    const fill = `fill="${escapeXml(style.color)}"`;
    this.#parts.push(
      `<text x="${x}" y="${y}"${length} ${font} ${family} ${fill}>${escapeXml(words)}</text>`,
    );
  }
}

function isSeen(colour: string): boolean {
  return colour !== 'transparent' && !/rgba\(.*,\s*0\)$/.test(colour);
}
