import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cellAt,
  cellBox,
  fitGrid,
  type GridWish,
  INSET,
  rowsWithin,
  stepFrom,
  zoomed,
} from './grid.ts';

const wish: GridWish = {
  count: 512,
  width: 768,
  height: 308,
  gutter: 40,
  smallest: 3,
  largest: 40,
};

test('the cells are as large as the room lets them be', () => {
  expect(fitGrid(wish)).toMatchObject({ columns: 40, pitch: 18, rows: 13 });
  expect(fitGrid({ ...wish, height: 408 })).toMatchObject({ columns: 32, pitch: 22, rows: 16 });
  expect(fitGrid({ ...wish, count: 64 })).toMatchObject({ columns: 16, pitch: 40, rows: 4 });
});

test('a grid too tall for the room keeps the smallest cells and is scrolled', () => {
  const shape = fitGrid({ ...wish, count: 1 << 20 });
  expect(shape.height).toBeGreaterThan(wish.height);
  expect(shape.pitch).toBeGreaterThanOrEqual(wish.smallest);
});

test('each cell is found at its own place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 340, max: 2560 }),
      fc.integer({ min: 40, max: 900 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (count, width, height, where) => {
        const shape = fitGrid({ ...wish, count, width, height });
        expect(shape.width).toBeLessThanOrEqual(width);
        const index = Math.floor(where * count);
        const { x, y, size } = cellBox(shape, index);
        expect(cellAt(shape, x, y)).toBe(index);
        expect(cellAt(shape, x + size - 0.5, y + size - 0.5)).toBe(index);
      },
    ),
  );
});

test('no cell stands outside the grid', () => {
  const shape = fitGrid({ ...wish, count: 500 });
  expect(cellAt(shape, 10 + INSET, 10 + INSET)).toBe(-1);
  expect(cellAt(shape, shape.width + 1, 0)).toBe(-1);
  const last = cellBox(shape, 499);
  expect(cellAt(shape, last.x + shape.pitch, last.y)).toBe(-1);
});

test('a window shows the rows it touches', () => {
  const shape = fitGrid({ ...wish, height: 100 });
  expect(rowsWithin(shape, 0, 1000)).toEqual([0, 8]);
  expect(rowsWithin(shape, 12 + INSET, 11)).toEqual([1, 3]);
});

test('the arrow keys stay inside', () => {
  const shape = fitGrid({ ...wish, height: 100 });
  expect(stepFrom(shape, 0, 'left')).toBe(0);
  expect(stepFrom(shape, 0, 'up')).toBe(0);
  expect(stepFrom(shape, 0, 'down')).toBe(64);
  expect(stepFrom(shape, 500, 'down')).toBe(500);
  expect(stepFrom(shape, 70, 'row-start')).toBe(64);
  expect(stepFrom(shape, 70, 'row-end')).toBe(127);
  expect(stepFrom(shape, 70, 'last')).toBe(511);
  expect(stepFrom(shape, 70, 'page-down')).toBe(511);
});

test('a grid that is zoomed has larger cells in fewer columns, down to eight of them', () => {
  const usual = fitGrid(wish);
  const twice = fitGrid(zoomed(wish, usual.pitch * 2));
  expect(twice.pitch).toBe(usual.pitch * 2);
  expect(twice.columns).toBeLessThan(usual.columns);
  expect(twice.width).toBeLessThanOrEqual(wish.width);
  expect(twice.columns * twice.rows).toBeGreaterThanOrEqual(wish.count);
  expect(fitGrid(zoomed(wish, usual.pitch * 100))).toMatchObject({ columns: 8 });
});
