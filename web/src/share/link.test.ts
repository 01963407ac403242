import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Place, readLink, writeLink } from './link.ts';

const numbers = fc.integer({ min: 0, max: 2 ** 31 });
const places: fc.Arbitrary<Place> = fc.record(
  {
    lines: numbers,
    event: fc.maxSafeNat(),
    process: fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => name.isWellFormed()),
    page: numbers,
    frame: numbers,
    folded: fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 10 }),
  },
  { requiredKeys: [] },
);

test('w5 a link carries where the viewer stood, there and back', async () => {
  await fc.assert(
    fc.asyncProperty(places, async (place) => {
      const fragment = await writeLink('{"faultline":1}', place);
      expect(await readLink(fragment)).toEqual({ text: '{"faultline":1}', place });
      // It survives being an address: nothing in it is changed by the URL parser.
      expect(new URL(fragment, 'https://example.org/').hash).toBe(fragment);
    }),
  );
});

test('w5 what a later page adds to a link is passed over', async () => {
  const fragment = await writeLink('{"faultline":1}', { lines: 3 });
  const { text, place } = await readLink(`${fragment}&breakpoint=17&lens=locks&=&&%&colour=%ZZ`);
  expect(text).toBe('{"faultline":1}');
  expect(place).toEqual({ lines: 3 });
});

test('w5 a place that makes no sense is no place, and the scenario opens', async () => {
  const fragment = await writeLink('{"faultline":1}');
  for (const words of [
    'lines=-1&event=-1',
    'event=9007199254740992',
    'event=1e3',
    'lines=1e9&page=0x10&frame=99999999999999999999',
    'folded=<script>.TAPE',
    `process=${'a'.repeat(5000)}`,
  ]) {
    expect((await readLink(`${fragment}&${words}`)).place, words).toEqual({});
  }
});
