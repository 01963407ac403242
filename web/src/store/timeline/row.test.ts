// Compares a row of a timeline with a list of its slices that is searched from end to end.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Slice } from '../../draw/timeline-slice.ts';
import { emptySums, KINDS, lengthOf, Row } from './row.ts';

/** The same row without columns, groups or totals. */
class Reference {
  slices: Slice[] = [];
  seen = (from: number, to: number) =>
    this.slices.filter(({ begin, end }) => end >= from && begin <= to);
  sums(from: number, to: number) {
    const sums = emptySums();
    for (const slice of this.seen(from, to)) {
      const { begin, end, kind } = slice;
      sums.count[kind] = (sums.count[kind] ?? 0) + 1;
      const inside = { begin: Math.max(begin, from), end: Math.min(end, to) };
      sums.ns[kind] = (sums.ns[kind] ?? 0) + lengthOf(inside);
    }
    return sums;
  }
}

const spans = fc.array(fc.tuple(fc.nat(9), fc.nat(60), fc.nat(KINDS - 1)), {
  maxLength: 3000,
  size: 'max',
});

function rowOf(gaps: readonly (readonly [number, number, number])[], begin = 0): Slice[] {
  let at = begin;
  return gaps.map(([gap, length, kind], index) => {
    const slice = {
      begin: at + gap,
      end: at + gap + length,
      kind,
      process: 1,
      number: index,
      detail: 0,
    };
    at = slice.end;
    return slice;
  });
}

/** Fills both, cuts both, drops from both and fills both again. */
const filled = fc
  .record({
    first: spans,
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.double({ min: 0, max: 1, noNaN: true }),
    more: spans,
  })
  .map(({ first, cut, drop, more }) => {
    const row = new Row();
    const reference = new Reference();
    const push = (slices: readonly Slice[]) => {
      for (const slice of slices) row.push(slice);
      reference.slices.push(...slices);
    };
    push(rowOf(first));
    const kept = Math.round(cut * row.length);
    row.truncate(kept);
    reference.slices.length = kept;
    push(rowOf(more, reference.slices.at(-1)?.end));
    const dropped = Math.round(drop * 0.5 * row.length);
    row.drop(dropped);
    reference.slices.splice(0, dropped);
    return { row, reference };
  });
const window = fc
  .tuple(fc.nat(120_000), fc.nat(120_000))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

test('w3 a row has the sums of every span that its slices have', () => {
  fc.assert(
    fc.property(filled, window, ({ row, reference }, [from, to]) => {
      const sums = emptySums();
      row.sum(from, to, sums);
      expect(sums).toEqual(reference.sums(from, to));
    }),
    { numRuns: 60 },
  );
});

test('w3 what is seen of a row is all of it, in its order, in groups that tell what is inside them', () => {
  fc.assert(
    fc.property(filled, window, fc.nat(2000), ({ row, reference }, [from, to], least) => {
      let next = reference.slices.findIndex(({ end }) => end >= from);
      const seen = reference.seen(from, to);
      row.walk(from, to, least, (begin, end, kind, busy, index, count) => {
        expect(index).toBe(next);
        const group = reference.slices.slice(index, index + count);
        expect([begin, end]).toEqual([group[0]?.begin, group.at(-1)?.end]);
        const lengths = group.map((slice) => slice.end - slice.begin);
        expect(busy).toBe(lengths.reduce((sum, length) => sum + length));
        expect(kind).toBe(group[lengths.indexOf(Math.max(...lengths))]?.kind);
        if (count > 1) expect(end - begin).toBeLessThanOrEqual(least);
        next += count;
      });
      const last = seen.at(-1);
      if (last !== undefined) expect(next).toBeGreaterThan(reference.slices.indexOf(last));
    }),
    { numRuns: 60 },
  );
});

test('w3 a slice is found at each of its moments, and the nearest one beside it', () => {
  fc.assert(
    fc.property(filled, fc.nat(120_000), fc.nat(20), ({ row, reference }, moment, within) => {
      const distance = ({ begin, end }: Slice) => Math.max(0, begin - moment, moment - end);
      const found = row.at(moment, within);
      const nearest = Math.min(...reference.slices.map(distance));
      if (nearest > within) expect(found).toBe(-1);
      else expect(distance(row.slice(found))).toBe(nearest);
    }),
    { numRuns: 60 },
  );
});

test('w3 a million slices are drawn in about as many steps as there are pixels', () => {
  const row = new Row();
  for (let at = 0; at < 1_000_000; at++) {
    row.push({ begin: at * 10, end: at * 10 + 7, kind: at % 5, process: 0, number: at, detail: 0 });
  }
  let [steps, slices] = [0, 0];
  row.walk(0, 1e7, 1e7 / 1400, (_begin, _end, _kind, _busy, _index, count) => {
    steps++;
    slices += count;
  });
  expect(slices).toBe(1_000_000);
  expect(steps).toBeLessThan(8 * 1400);
});
