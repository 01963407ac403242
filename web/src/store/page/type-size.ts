// Holds how large the page's words are: three sizes to choose from. The style sheet has their measures.

import { computed, signal } from '@preact/signals';
import { presenting } from './room.ts';

export const TYPE_SIZES = ['usual', 'large', 'largest'] as const;
export type TypeSize = (typeof TYPE_SIZES)[number];

/** As the visitor chose it. */
export const typeSize = signal<TypeSize>('usual');

/** As it is shown: a presenter's words are the largest. */
export const shownTypeSize = computed<TypeSize>(() =>
  presenting.value ? 'largest' : typeSize.value,
);

/** How much larger than usual things are drawn that stand among words. */
export const typeScale = computed(
  () => ({ usual: 1, large: 1.25, largest: 1.5 })[shownTypeSize.value],
);

/** A size from what was kept, which another program may have written. */
export function typeSizeFrom(kept: unknown): TypeSize {
  return TYPE_SIZES.find((size) => size === kept) ?? 'usual';
}

/** The next size, round and round. */
export function cycleTypeSize(): void {
  const at = TYPE_SIZES.indexOf(typeSize.value);
  typeSize.value = TYPE_SIZES[(at + 1) % TYPE_SIZES.length] ?? 'usual';
}
