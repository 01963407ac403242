import { type CellsOf, colourOf, glyphOf } from '../draw/palette.ts';
import { theme } from '../store/page/settings.ts';
import './StateGlyph.css';

/** A page state's cell, as the grids draw it. */
export function StateGlyph({
  state,
  of = 'frames',
  size = 14,
}: {
  readonly state: number;
  readonly of?: CellsOf;
  readonly size?: number;
}) {
  const { fill, ink } = colourOf(theme.value, state);
  const glyph = glyphOf(state, of);
  return (
    <svg class="glyph" width={size} height={size} viewBox="0 0 1 1" aria-hidden="true">
      <rect width="1" height="1" rx="0.16" fill={fill} />
      {glyph.filled !== '' && <path d={glyph.filled} fill={ink} />}
      {glyph.stroked !== '' && (
        <path d={glyph.stroked} fill="none" stroke={ink} stroke-width="0.085" />
      )}
    </svg>
  );
}
