// Images of a memory, against whole copies of it: any writes, any order of going back.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RING_HEADER_WORDS } from '../generated/machine.ts';
import { type Image, Images } from './image.ts';

const PAGE_WORDS = 16_384;
const WORDS = 2 * PAGE_WORDS;
/** Two rings, the first of which begins in the middle of a block. */
const RINGS = { address: 4 * 2_600, stride: 4 * 1_300, count: 2 };

/** Whether a word is a record of an event, which images leave out. */
function isRecord(word: number): boolean {
  const at = word - RINGS.address / 4;
  const ring = Math.floor(at / (RINGS.stride / 4));
  return ring >= 0 && ring < RINGS.count && at % (RINGS.stride / 4) >= RING_HEADER_WORDS;
}

/** Whether a word belongs to the header of a ring, which going back changes on purpose. */
function isHeader(word: number): boolean {
  const at = word - RINGS.address / 4;
  const ring = Math.floor(at / (RINGS.stride / 4));
  return ring >= 0 && ring < RINGS.count && !isRecord(word);
}

const word = fc.oneof(
  fc.integer({ min: 0, max: WORDS - 1 }),
  // Near to each other, so that runs touch, end in gaps and meet the ends of blocks.
  fc.integer({ min: 1_010, max: 1_040 }),
  fc.integer({ min: 2_590, max: 2_640 }),
);
const value = fc.constantFrom(0, 1, -1, 0x7ff8_0000, -0x8000_0000, 12_345);
const writes = fc.array(fc.tuple(word, value), { maxLength: 60 });

test('r4 an image puts back every word but the records of events, whatever was written between', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      writes,
      fc.array(writes, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(4), { maxLength: 8 }),
      (isShared, boot, steps, jumps) => {
        const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: isShared });
        const now = new Int32Array(memory.buffer);
        const write = (list: [number, number][]) => {
          for (const [at, to] of list) now[at] = to;
        };
        write(boot);
        const images = new Images(memory, RINGS);
        const kept: { image: Image; words: Int32Array }[] = [];
        for (const step of steps) {
          write(step);
          kept.push({ image: images.capture(), words: now.slice() });
        }
        for (const jump of jumps) {
          const { image, words } = kept[jump % kept.length] ?? {
            image: Int32Array.of(),
            words: now,
          };
          images.restore(image);
          const wrong = words.findIndex(
            (then, at) => !isRecord(at) && !isHeader(at) && then !== now[at],
          );
          expect(wrong).toBe(-1);
        }
      },
    ),
    { numRuns: 300 },
  );
});
