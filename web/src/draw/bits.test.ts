import { expect, test } from 'vitest';
import { bitOf, fieldValue, hexadecimal, PTE_FIELDS } from './bits.ts';

test('the fields of a PTE cover its 64 bits once', () => {
  const covered = PTE_FIELDS.flatMap(({ from, bits }) =>
    Array.from({ length: bits }, (_, bit) => from + bit),
  );
  expect(covered).toEqual(Array.from({ length: 64 }, (_, bit) => bit));
});

test('a number above twenty bits crosses the halves of the word', () => {
  const low = (((0xfedcba98 % 0x100000) << 12) | 1) >>> 0;
  const high = Math.floor(0xfedcba98 / 0x100000);
  const field = PTE_FIELDS.find(({ key }) => key === 'number');
  expect(field && fieldValue(low, high, field)).toBe(0xfedcba98);
  expect(bitOf(low, high, 0)).toBe(1);
  expect(bitOf(low, high, 43)).toBe(1);
  expect(hexadecimal(low, high)).toBe('00000fed cba98001');
});
