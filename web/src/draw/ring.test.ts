import { expect, test } from 'vitest';
import { ringCell, ringPlaces } from './ring.ts';

const shape = { x: 100, y: 50, radiusX: 90, radiusY: 40 };

test('s6 cells of a ring stand equally far apart, clockwise from the top', () => {
  const places = ringPlaces(12, shape);
  expect(places[0]).toMatchObject({ x: 100, y: 10 });
  expect(places[3]?.x).toBeGreaterThan(170);
  const gaps = places.map(({ x, y }, at) => {
    const next = places[(at + 1) % places.length] ?? { x, y };
    return Math.hypot(next.x - x, next.y - y);
  });
  expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.1);
});

test('s6 cells of a ring never overlap, however many there are', () => {
  for (const count of [1, 2, 3, 8, 24, 48]) {
    const side = ringCell(count, shape, 30);
    const places = ringPlaces(count, shape);
    for (const [at, { x, y }] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        const isApart =
          Math.abs(other.x - x) >= side * 0.999 || Math.abs(other.y - y) >= side * 0.999;
        expect(isApart, `${count} cells`).toBe(true);
      }
    }
  }
});
