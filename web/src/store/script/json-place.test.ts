import { expect, test } from 'vitest';
import { placeIn, spanAt } from './json-place.ts';

const text = `{
  "faultline": 1, "title": "a \\"b\\", {c}",
  "machine": {"frame": 32, "trim": {"low": [1, 2]}},
  "script": [{"op": "spawn", "as": "p, q", "pages": 4}, {"op": "settle"}]
}`;
const at = (pointer: string, source = text) => {
  const place = placeIn(source, pointer);
  if (place === undefined) return undefined;
  const said = ({ from, to }: { from: number; to: number }) => source.slice(from, to);
  return [place.key && said(place.key), said(place.value)];
};

test('a26 the place of a problem is found in the text', () => {
  expect(at('/machine/frame')).toEqual(['"frame"', '32']);
  expect(at('/script/0/pages')).toEqual(['"pages"', '4']);
  expect(at('/script/1')).toEqual([undefined, '{"op": "settle"}']);
  expect(at('/machine/trim/low/1')).toEqual([undefined, '2']);
  expect(at('/title')).toEqual(['"title"', '"a \\"b\\", {c}"']);
  expect(at('')).toEqual([undefined, text]);
  expect(at('/machine/slots')).toBeUndefined();
  expect(at('/script/7/op')).toBeUndefined();
});

test('a26 a text that is broken further on has its places all the same', () => {
  const broken = '{"machine": {"frames": 3, "slots"';
  expect(at('/machine/frames', broken)).toEqual(['"frames"', '3']);
  const said = (line: number, column: number) => {
    const { from, to } = spanAt('one\n  two three', line, column);
    return 'one\n  two three'.slice(from, to);
  };
  expect([said(1, 1), said(2, 3), said(9, 1)]).toEqual(['one', 'two', '']);
});
