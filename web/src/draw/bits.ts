// Names the bits and fields of a PTE word, for the inspector.

/** A field of the PTE word, for the inspector: from the lowest bit, `bits` wide. */
export interface WordField {
  readonly key: string;
  readonly from: number;
  readonly bits: number;
}

export const PTE_FIELDS: readonly WordField[] = [
  { key: 'format', from: 0, bits: 2 },
  { key: 'writable', from: 2, bits: 1 },
  { key: 'accessed', from: 3, bits: 1 },
  { key: 'dirty', from: 4, bits: 1 },
  { key: 'inTransit', from: 5, bits: 1 },
  { key: 'lock', from: 6, bits: 1 },
  { key: 'lockWaiters', from: 7, bits: 1 },
  { key: 'transitWaiters', from: 8, bits: 1 },
  { key: 'readOnly', from: 9, bits: 1 },
  { key: 'reserved', from: 10, bits: 2 },
  { key: 'number', from: 12, bits: 32 },
  { key: 'unused', from: 44, bits: 20 },
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
