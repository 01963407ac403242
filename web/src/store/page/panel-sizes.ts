// How large the visitor has made the panels: pixels along an axis, by name. What is not said is as the style sheet
// has it; the style sheet also keeps what was said on a large screen within a small one.

import { signal } from '@preact/signals';

export type Sizes = Readonly<Record<string, number>>;

export const sizes = signal<Sizes>({});

export function resize(name: string, size: number | undefined): void {
  const { [name]: _, ...others } = sizes.value;
  sizes.value = size === undefined ? others : { ...others, [name]: Math.round(size) };
}

/** Sizes as they were kept, whoever wrote them. */
export function sizesFrom(kept: unknown): Sizes {
  if (typeof kept !== 'object' || kept === null) return {};
  const entries = Object.entries(kept).filter(
    ([name, size]) =>
      /^[a-z]{1,16}$/.test(name) && typeof size === 'number' && size >= 0 && size < 10_000,
  );
  return Object.fromEntries(entries);
}

/** The properties of the style sheet that say the sizes: a panel with a size grows no further. */
export function propertiesOf(said: Sizes): [name: string, value: string][] {
  return Object.entries(said).flatMap(([name, size]) => [
    [`--size-${name}`, `${size}px`],
    [`--grow-${name}`, '0'],
  ]);
}

const STEP = 16;
const LEAP = 96;

/** Where a key moves a separator to: from `size`, within `least` and `most`. None if the key is not its own. */
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
