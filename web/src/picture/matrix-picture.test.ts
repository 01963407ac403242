import { expect, test } from 'vitest';
import { matrixSvg } from './matrix-picture.ts';

const words = {
  ...{ title: 'References of <init>', page: 'page', fault: 'fault', out: 'out', mark: 'F' },
  frame: (frame: number) => `f${frame}`,
  pageNumber: (page: number) => `p${page}`,
};

test('s6 the picture of the table of references has every column, fault and victim, and words as words', () => {
  const cell = (page: number, isNew: boolean) => ({ page, isNew, isTrimmed: false });
  const svg = matrixSvg(
    {
      frames: [4],
      columns: [
        { reference: { page: 1, fault: 1 }, cells: [cell(1, true)], out: [] },
        { reference: { page: 1, fault: undefined }, cells: [cell(1, false)], out: [] },
        { reference: { page: 12, fault: 3 }, cells: [cell(12, true)], out: [1] },
      ],
    },
    words,
  );
  expect(svg.match(/>F</g)).toHaveLength(2);
  expect(svg.match(/line-through/g)).toHaveLength(1);
  expect([...svg.matchAll(/>(p\d+)</g)].map(([, page]) => page)).toEqual([
    ...['p1', 'p1', 'p1', 'p1', 'p12', 'p12', 'p1'],
  ]);
  expect(svg).toContain('<title>References of &lt;init&gt;</title>');
});
