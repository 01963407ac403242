// Declares the surface that the painters draw upon: a canvas, or a recorder of SVG. It has as much of a canvas as is
// used.

export type Surface = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'scale'
  | 'translate'
  | 'setTransform'
  | 'clearRect'
  | 'fillRect'
  | 'strokeRect'
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'roundRect'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
  | 'globalAlpha'
>;

const texts = new WeakMap<Path2D, string>();

/** A path of SVG's own notation; the text is remembered, for a surface that writes it down. */
export function pathOf(text: string): Path2D {
  const path = new Path2D(text);
  texts.set(path, text);
  return path;
}

export function textOfPath(path: Path2D): string {
  return texts.get(path) ?? '';
}
