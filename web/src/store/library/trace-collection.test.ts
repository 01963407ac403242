import { expect, test } from 'vitest';
import type { KeptTrace, TraceShelf } from '../../share/trace-shelf.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';
import { TraceCollection, type UnnamedTrace } from './trace-collection.ts';

/** A shelf in memory, which refuses what is larger than its room. */
class Shelf implements TraceShelf<AttachedTrace> {
  readonly kept = new Map<string, KeptTrace<AttachedTrace>>();
  isBroken = false;
  room = Number.POSITIVE_INFINITY;
  async all() {
    if (this.isBroken) throw new Error('forbidden');
    return [...this.kept.values()];
  }
  async put(trace: KeptTrace<AttachedTrace>) {
    if (this.isBroken || trace.text.size > this.room) throw new Error('full');
    this.kept.set(trace.facts.name, trace);
  }
  async remove(name: string) {
    this.kept.delete(name);
  }
}

const found: UnnamedTrace = {
  ...{ file: 'ls.lackey.gz', onePageIn: 1, format: 'lackey', packing: 'gzip', mark: '1' },
  ...{ references: 2, writes: 1, pages: 2, bytes: 5, all_references: 2, all_pages: 2 },
  ...{ bad_lines: 0, problem: null, cut: null },
};
const text = new Blob(['0\n1w\n']);
const much = async () => Number.POSITIVE_INFINITY;
const names = (traces: TraceCollection) => traces.list.value.map(({ name }) => name);

test('r5 an attached trace is there for the next page, under its name', async () => {
  const shelf = new Shelf();
  const traces = new TraceCollection(shelf, ['sort'], much);
  const { trace, isKept } = await traces.attach(found, text);
  expect([trace.name, isKept]).toEqual(['ls', true]);
  const later = new TraceCollection(shelf, ['sort'], much);
  expect(await later.textOf('ls')).toBe('0\n1w\n');
  expect(await later.textOf('other')).toBeUndefined();
  expect(names(later)).toEqual(['ls']);
  await later.remove('ls');
  expect([names(later), shelf.kept.size]).toEqual([[], 0]);
  expect(await later.textOf('ls')).toBeUndefined();
});

test('r5 the same references are attached once, and others of the same file name get a number', async () => {
  const traces = new TraceCollection(new Shelf(), ['sort'], much);
  const first = await traces.attach(found, text);
  expect((await traces.attach({ ...found, file: 'copy.txt' }, text)).trace).toEqual(first.trace);
  expect((await traces.attach({ ...found, mark: '2' }, text)).trace.name).toBe('ls-2');
  expect((await traces.attach({ ...found, onePageIn: 8 }, text)).trace.name).toBe('ls-1in8');
  // Those that come with the page keep their names.
  const sort = { ...found, mark: '3', file: 'sort.trace' };
  expect((await traces.attach(sort, text)).trace.name).toBe('sort-2');
  // A name that a scenario asks for is given as it is.
  await traces.attach({ ...found, file: 'x.txt' }, text, 'wanted');
  await traces.attach({ ...found, mark: '4' }, new Blob(['7\n']), 'wanted');
  expect(await traces.textOf('wanted')).toBe('7\n');
  expect(names(traces).filter((name) => name === 'wanted')).toEqual(['wanted']);
});

for (const [name, spoil, room] of [
  ['has no room for it', () => undefined, 4],
  [
    'finds its disk full',
    (shelf: Shelf) => {
      shelf.room = 4;
    },
    100,
  ],
  [
    'keeps nothing at all',
    (shelf: Shelf) => {
      shelf.isBroken = true;
    },
    100,
  ],
] as const) {
  test(`r5 a trace is held as long as the page lives where the browser ${name}`, async () => {
    const shelf = new Shelf();
    spoil(shelf);
    const traces = new TraceCollection(shelf, [], async () => room);
    expect((await traces.attach(found, text)).isKept).toBe(false);
    expect(await traces.textOf('ls')).toBe('0\n1w\n');
    // Dropped again it is the same, and still not kept.
    expect((await traces.attach(found, text)).isKept).toBe(false);
    expect(names(traces)).toEqual(['ls']);
    expect(shelf.kept.size).toBe(0);
    await traces.remove('ls');
    expect(names(traces)).toEqual([]);
  });
}

test('r5 a page without a database holds traces all the same', async () => {
  const traces = new TraceCollection(undefined, [], much);
  expect((await traces.attach(found, text)).isKept).toBe(false);
  expect(await traces.textOf('ls')).toBe('0\n1w\n');
});
