// Holds the sizes that the visitor gave panels: pixels along an axis, by name. What is not given is as the style sheet
// has it; the style sheet also keeps what was said on a large screen within a small one.

import { signal } from '@preact/signals';

export type Sizes = Readonly<Record<string, number>>;

export const sizes = signal<Sizes>({});

export function resize(name: string, size: number | undefined): void {
  const { [name]: _, ...others } = sizes.value;
  sizes.value = size === undefined ? others : { ...others, [name]: Math.round(size) };
}

/** Sizes from what was kept, which another program may have written. */
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
