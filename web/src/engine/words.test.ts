import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE } from '../generated/machine.ts';
import { decodeEvent, decodeFrame, decodeProcess, decodePte, wide } from './words.ts';

/** A PTE made as the engine makes it: one 64-bit word. */
function pteWord(flags: bigint, number: bigint): [number, number] {
  const word = flags | (number << 12n);
  return [Number(word & 0xffff_ffffn), Number(word >> 32n)];
}

test('a zero PTE says nothing', () => {
  expect(decodePte(0, 0)).toEqual({
    state: 'zero',
    writable: false,
    accessed: false,
    dirty: false,
    inTransit: false,
    locked: false,
    lockWaiters: false,
    transitWaiters: false,
    readOnlyRegion: false,
    number: 0,
  });
});

test('each bit of a PTE is its own flag', () => {
  const names = [
    'writable',
    'accessed',
    'dirty',
    'inTransit',
    'locked',
    'lockWaiters',
    'transitWaiters',
    'readOnlyRegion',
  ] as const;
  names.forEach((name, index) => {
    const pte = decodePte(...pteWord(1n << BigInt(index + 2), 0n));
    for (const other of names) expect(pte[other]).toBe(other === name);
  });
});

test('a PTE keeps its state and a number of 32 bits, whatever else is set', () => {
  const states = ['zero', 'valid', 'transition', 'swapped'] as const;
  fc.assert(
    fc.property(
      fc.nat(3),
      fc.nat(255),
      fc.bigInt({ min: 0n, max: 0xffff_ffffn }),
      (state, flags, number) => {
        const pte = decodePte(...pteWord(BigInt(state) | (BigInt(flags) << 2n), number));
        expect(pte.state).toBe(states[state]);
        expect(pte.number).toBe(Number(number));
      },
    ),
  );
});

test('an ordinary frame has a page, a family and sharers', () => {
  expect(decodeFrame((3 << 16) | 0b1_0010_0010, 7, 12, 5)).toEqual({
    state: 'active',
    locked: false,
    lockWaiters: false,
    dirty: true,
    trimming: false,
    rescued: false,
    ahead: false,
    eventWaiters: true,
    shares: 3,
    slot: 7,
    page: 12,
    family: 5,
    protectedKind: null,
    process: null,
  });
});

test('a protected frame has a purpose and an owner', () => {
  expect(decodeFrame(7, 0, 2, 4)).toMatchObject({ protectedKind: 'table', process: 4, page: 0 });
  expect(decodeFrame(7, 0, 0, 0)).toMatchObject({ protectedKind: 'zero-page', process: null });
});

test('s20 the share count uses fifteen bits, and a page read ahead has the one above', () => {
  expect(decodeFrame(0x7fff_0000, 0, 0, 0)).toMatchObject({ shares: 0x7fff, ahead: false });
  expect(decodeFrame(0x8000_0005 | 0, 9, 0, 0)).toMatchObject({ shares: 0, ahead: true, slot: 9 });
});

test('a process record', () => {
  const words = [99, 99, 2, 1, NONE, 3, 17, 512];
  expect(decodeProcess(6, words, 2)).toEqual({
    index: 6,
    state: 'running',
    generation: 1,
    parent: null,
    family: 3,
    directory: 17,
    pages: 512,
  });
});

test('an event', () => {
  const words = [5 | (3 << 12), 1, 4 | (3 << 8) | (0xffff << 16), 77, 1, 2, 3, 4];
  expect(decodeEvent(words)).toEqual({
    time: 0x10_0003,
    order: 5,
    kind: 4,
    cpu: 3,
    process: null,
    number: 77,
    a: [1, 2],
    b: [3, 4],
  });
});

test('a wide number is exact to 2^53', () => {
  expect(wide(0xffff_ffff | 0, 0x1f_ffff)).toBe(Number.MAX_SAFE_INTEGER);
});
