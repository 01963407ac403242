// Names the bits and fields of a PTE word, for the inspector.

import {
  NUMBER_SHIFT,
  PTE_ABSENT,
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_FORMAT,
  PTE_IN_TRANSIT,
  PTE_LOCK,
  PTE_LOCK_WAITERS,
  PTE_READ_ONLY,
  PTE_TRANSIT_WAITERS,
  PTE_WRITABLE,
} from '../generated/machine.ts';

/** A field of the PTE word, for the inspector: from the lowest bit, `bits` wide. */
export interface WordField {
  readonly key: string;
  readonly from: number;
  readonly bits: number;
}

const lowestOf = (mask: number) => Math.log2(mask & -mask);
const flag = (key: string, mask: number): WordField => ({ key, from: lowestOf(mask), bits: 1 });
const NUMBER_BITS = 32;
const WORD_BITS = 64;
const NUMBER_END = NUMBER_SHIFT + NUMBER_BITS;

export const PTE_FIELDS: readonly WordField[] = [
  { key: 'format', from: lowestOf(PTE_FORMAT), bits: Math.log2(PTE_FORMAT + 1) },
  flag('writable', PTE_WRITABLE),
  flag('accessed', PTE_ACCESSED),
  flag('dirty', PTE_DIRTY),
  flag('inTransit', PTE_IN_TRANSIT),
  flag('lock', PTE_LOCK),
  flag('lockWaiters', PTE_LOCK_WAITERS),
  flag('transitWaiters', PTE_TRANSIT_WAITERS),
  flag('readOnly', PTE_READ_ONLY),
  { key: 'reserved', from: lowestOf(PTE_ABSENT), bits: NUMBER_SHIFT - lowestOf(PTE_ABSENT) },
  { key: 'number', from: NUMBER_SHIFT, bits: NUMBER_BITS },
  { key: 'unused', from: NUMBER_END, bits: WORD_BITS - NUMBER_END },
];

export function bitOf(low: number, high: number, bit: number): 0 | 1 {
  const half = bit < 32 ? low : high;
  return ((half >>> (bit & 31)) & 1) as 0 | 1;
}

export function fieldValue(low: number, high: number, field: WordField): number {
  let value = 0;
  for (let bit = field.from + field.bits - 1; bit >= field.from; bit--) {
    value = value * 2 + bitOf(low, high, bit);
  }
  return value;
}

export function hexadecimal(low: number, high: number): string {
  const half = (value: number) => (value >>> 0).toString(16).padStart(8, '0');
  return `${half(high)} ${half(low)}`;
}
