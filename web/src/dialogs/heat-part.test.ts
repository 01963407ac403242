import { expect, test } from 'vitest';
import { closerTo, moved, partOf } from './heat-part.ts';

const whole = { first: 0, end: 1000, first_place: 0, end_place: 50 };

test('s6 what is dragged over is the next part, and along one axis alone the other stays', () => {
  const [one, other] = [
    { x: 0.5, y: 0.9 },
    { x: 0.25, y: 0.1 },
  ];
  expect(partOf(whole, one, other, false, false)).toEqual({
    ...{ first: 250, end: 500, first_place: 5, end_place: 45 },
  });
  expect(partOf(whole, one, other, false, true)).toEqual({ ...whole, first: 250, end: 500 });
  expect(partOf(whole, one, other, true, false)).toEqual({
    ...whole,
    first_place: 5,
    end_place: 45,
  });
  // At the edge there is one reference and one page at least.
  const edge = { x: 1, y: 1 };
  expect(partOf(whole, edge, edge, false, false)).toEqual({
    ...{ first: 999, end: 1000, first_place: 49, end_place: 50 },
  });
});

test('s6 a closer part is about the machine’s place, and no part reaches beyond the trace', () => {
  expect(closerTo(whole, undefined, 0.5, whole)).toMatchObject({ first: 250, end: 750 });
  expect(closerTo(whole, 900, 0.5, whole)).toMatchObject({ first: 500, end: 1000 });
  const part = { first: 400, end: 600, first_place: 3, end_place: 9 };
  expect(closerTo(part, undefined, 2, whole)).toEqual({ ...part, first: 300, end: 700 });
  expect(closerTo({ ...part, end: 950 }, undefined, 2, whole)).toEqual(whole);
  expect(moved(part, 0.5, whole)).toEqual({ ...part, first: 500, end: 700 });
  expect(moved(part, -9, whole)).toEqual({ ...part, first: 0, end: 200 });
});
