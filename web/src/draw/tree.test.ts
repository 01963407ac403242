import { expect, test } from 'vitest';
import { branch, FEW_SIBLINGS, lampAt, treeRows } from './tree.ts';

const shape = { pitch: 30, indent: 14, inset: 8 };
const twig = (index: number, parent: number | null) => ({ index, parent });
const family = [twig(0, null), twig(1, 0), twig(2, 0), twig(3, 1), twig(4, 9), twig(5, 5)];
const open = { isClosed: () => false };

test('w1 parents stand before their children, and orphans at the root', () => {
  const rows = treeRows(family, open);
  expect(rows.map(({ process, depth, parentRow }) => [process.index, depth, parentRow])).toEqual([
    [0, 0, -1],
    [1, 1, 0],
    [3, 2, 1],
    [2, 1, 0],
    [4, 0, -1],
    [5, 0, -1],
  ]);
  expect(rows.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(rows[3]).toMatchObject({ place: 2, siblings: 2, descendants: 0 });
});

test('w1 who is below a closed process has no row', () => {
  const rows = treeRows(family, { isClosed: ({ index }) => index === 0 });
  expect(rows.map(({ process }) => process.index)).toEqual([0, 4, 5]);
  expect(rows[0]).toMatchObject({ descendants: 3, isOpen: false });
});

test('w1 a tree of nobody has no row, and sixty processes have sixty', () => {
  expect(treeRows([], open)).toEqual([]);
  const many = Array.from({ length: 60 }, (_, at) => twig(at, at === 0 ? null : (at - 1) >> 1));
  expect(treeRows(many, open)).toHaveLength(60);
});

test('w1 of many siblings the first few have rows and the chosen one, until all are wanted', () => {
  const brood = [twig(0, null), ...Array.from({ length: 39 }, (_, at) => twig(at + 1, 0))];
  const few = treeRows(brood, open);
  expect(few).toHaveLength(1 + FEW_SIBLINGS);
  expect(few.at(-1)?.ends).toEqual([{ parent: twig(0, null), left: 29, row: 11, depth: 1 }]);
  const chosen = treeRows(brood, { ...open, isChosen: ({ index }) => index === 35 });
  expect(chosen.map(({ process }) => process.index).at(-1)).toBe(35);
  expect(chosen.at(-1)).toMatchObject({ place: 35, siblings: 39, ends: [{ left: 28 }] });
  const all = treeRows(brood, { ...open, wantsAll: () => true });
  expect(all).toHaveLength(40);
  expect(all.at(-1)?.ends).toMatchObject([{ left: 0 }]);
  // One left out would take as much room as a row that says so.
  expect(treeRows(brood.slice(0, FEW_SIBLINGS + 2), open)).toHaveLength(FEW_SIBLINGS + 2);
});

test('w1 a branch leads from lamp to lamp', () => {
  const [root, child] = treeRows(family, open);
  if (root === undefined || child === undefined) throw new Error('two rows');
  expect(branch(shape, root)).toBe('');
  expect(lampAt(shape, child)).toEqual({ x: 22, y: 45 });
  expect(branch(shape, child)).toBe('M8 20V39q0 6 6 6H17');
});
