import { expect, test } from 'vitest';
import type { Op } from '../generated/types.d.ts';
import { HEIGHT, thumbnailOf, WIDTH } from './thumbnail.ts';

const script: Op[] = [
  { op: 'spawn', as: 'parent', pages: 8 },
  { op: 'write', process: 'parent', page: 0, value: 1 },
  { op: 'fork', process: 'parent', as: 'child' },
  { op: 'expect', counter: 'copies', equals: 0 },
  {
    op: 'together',
    scripts: [
      [{ op: 'read', process: 'parent', page: 0 }],
      [{ op: 'run', process: 'child', pattern: 'uniform', accesses: 9 }],
    ],
  },
  { op: 'kill', process: 'child' },
];

test('w1 a thumbnail has a lane for each process, a branch for a fork and a mark for what is done', () => {
  const { lanes, marks, bars } = thumbnailOf(script);
  expect(lanes).toHaveLength(2);
  const [parent, child] = lanes;
  expect(child?.parentY).toBe(parent?.y);
  expect(child?.from).toBeGreaterThan(parent?.from ?? 0);
  expect(child?.to).toBeLessThan(parent?.to ?? 0);
  expect(marks.map(({ kind, y }) => [kind, y])).toEqual([
    ['write', parent?.y],
    ['read', parent?.y],
  ]);
  expect(bars).toHaveLength(1);
  expect(bars[0]?.y).toBe(child?.y);
});

test('w1 a thumbnail stays in its box, however long the script', () => {
  const forks: Op[] = Array.from({ length: 60 }, (_, at) => ({
    op: 'fork',
    process: at === 0 ? 'p' : `p${at - 1}`,
    as: `p${at}`,
  }));
  const { lanes } = thumbnailOf([{ op: 'spawn', as: 'p', pages: 1 }, ...forks]);
  expect(lanes).toHaveLength(61);
  for (const { y, from, to } of lanes) {
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(HEIGHT);
    expect(from).toBeGreaterThan(0);
    expect(to).toBeLessThan(WIDTH);
  }
  expect(thumbnailOf([])).toEqual({ lanes: [], marks: [], bars: [] });
});
