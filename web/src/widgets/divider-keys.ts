// Finds where an arrow key moves a separator.

const STEP = 16;
const LEAP = 96;

/** The size that a key gives: from `size`, within `least` and `most`. Undefined if the key is no separator's. */
export function sizeAfterKey(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  {
    size,
    least,
    most,
    axis,
    towards,
  }: {
    size: number;
    least: number;
    most: number;
    axis: 'x' | 'y';
    /** Whether what is resized ends at the separator (1) or begins there (-1). */
    towards: 1 | -1;
  },
): number | undefined {
  const [less, more] = axis === 'x' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
  const step = (shiftKey ? LEAP : STEP) * towards;
  const next = { [less]: size - step, [more]: size + step, Home: least, End: most }[key];
  return next === undefined ? undefined : Math.max(least, Math.min(most, next));
}
