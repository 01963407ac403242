import { expect, test } from 'vitest';
import { lineOfPath, partsOfFinding } from './finding-places.ts';

test('a22 a finding of the audit names the page and the frame that it is about', () => {
  const finding = 'G1 process 0 page 3: Valid to frame 17, which is Free';
  const parts = partsOfFinding(finding);
  expect(parts.map(({ words }) => words).join('')).toBe(finding);
  expect(parts.flatMap(({ place }) => (place === undefined ? [] : [place]))).toEqual([
    { kind: 'page', process: 0, page: 3 },
    { kind: 'frame', frame: 17 },
  ]);
  expect(partsOfFinding('P14 the zero page is not zero')).toEqual([
    { words: 'P14 the zero page is not zero' },
  ]);
});

test('a22 a failure names its line, that of an op within it too', () => {
  expect(lineOfPath('/script/4')).toBe(4);
  expect(lineOfPath('/script/12/scripts/1/0')).toBe(12);
  expect(lineOfPath('/machine')).toBeUndefined();
});
