// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { canLeave, leave, maximise, maximised, presenting, sheetOpen } from './room.ts';
import { DECK, fold, foldAsSaid, folded, foldedAsSaid, foldOnly } from './shown-panels.ts';
import { cycleTypeSize, shownTypeSize, typeSize, typeSizeFrom } from './type-size.ts';

const open = () => DECK.filter((name) => !folded.value.has(name));

beforeEach(() => {
  maximised.value = undefined;
  presenting.value = false;
  sheetOpen.value = false;
  foldOnly(['faults', 'timing', 'locks', 'replacement']);
});

test('w1 the deck has two panels at most: a third takes the place of the one asked for longest ago', () => {
  expect(open()).toEqual(['tape', 'counters']);
  fold('timing', false);
  expect(open()).toEqual(['tape', 'timing']);
  fold('locks', false);
  expect(open()).toEqual(['timing', 'locks']);
  // One alone has the whole width, and none is no panel at all.
  fold('timing', true);
  expect(open()).toEqual(['locks']);
  fold('locks', true);
  expect(open()).toEqual([]);
  fold('swap', true);
  expect(folded.value.has('swap')).toBe(true);
});

test('w5 a link from before the deck had tabs opens what it says, as far as there is room', () => {
  foldAsSaid({ folded: ['tape', 'faults'] });
  expect(open()).toEqual(['counters']);
  foldAsSaid({ opened: ['timing', 'locks'] });
  expect(open()).toEqual(['timing', 'locks']);
  foldAsSaid({ opened: ['timing'] });
  expect(open()).toEqual(['tape', 'timing']);
  foldAsSaid({ folded: ['swap', 'counters'], opened: ['timing'] });
  expect(open()).toEqual(['tape', 'timing']);
  expect(foldedAsSaid()).toEqual({ folded: ['swap', 'counters'], opened: ['timing'] });
});

test('w1 what an earlier page kept opens two panels', () => {
  foldOnly(['timing', 'locks', 'nonsense']);
  expect(open()).toHaveLength(2);
});

test('w1 a panel is given all the room and gives it back; a bar is not given any', () => {
  maximise('physical');
  expect([maximised.value, canLeave.value]).toEqual(['physical', true]);
  maximise('physical');
  expect(maximised.value).toBeUndefined();
  maximise('actions');
  expect(maximised.value).toBeUndefined();
  // A folded one is opened; one that is folded afterwards has no room.
  maximise('locks');
  expect([maximised.value, folded.value.has('locks')]).toEqual(['locks', false]);
  fold('locks', true);
  expect(maximised.value).toBeUndefined();
});

test('w1 going back is one step at a time', () => {
  presenting.value = true;
  maximise('virtual');
  sheetOpen.value = true;
  leave();
  expect([sheetOpen.value, maximised.value, presenting.value]).toEqual([false, 'virtual', true]);
  leave();
  leave();
  expect([maximised.value, presenting.value, canLeave.value]).toEqual([undefined, false, false]);
});

test('w1 type has three sizes, and a presenter’s is the largest', () => {
  expect(typeSizeFrom('huge')).toBe('usual');
  expect(typeSizeFrom('large')).toBe('large');
  const seen = [typeSize.value];
  for (let press = 0; press < 3; press++) {
    cycleTypeSize();
    seen.push(typeSize.value);
  }
  expect(seen).toEqual(['usual', 'large', 'largest', 'usual']);
  presenting.value = true;
  expect([shownTypeSize.value, typeSize.value]).toEqual(['largest', 'usual']);
});
