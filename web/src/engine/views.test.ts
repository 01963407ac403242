import { beforeEach, expect, test } from 'vitest';
import { CPU_AT_HAND_WORD, NONE } from '../generated/machine.ts';
import type { Layout } from '../generated/types.d.ts';
import { MachineViews } from './views.ts';

const part = (address: number, stride: number, count: number) => ({ address, stride, count });

const layout: Layout = {
  frames: 8,
  slots: 4,
  cpus: 2,
  parts: {
    frame_bytes: part(4096, 4096, 8),
    pfn: part(40960, 16, 8),
    links: part(41984, 8, 8),
    notes: part(62464, 8, 8),
    lists: part(43008, 64, 2),
    processes: part(44032, 64, 3),
    cpus: part(45056, 384, 2),
    counters: part(46080, 64, 2),
    slot_counts: part(47104, 4, 5),
    events: part(48128, 64 + 4 * 32, 3),
    latencies: part(0, 0, 0),
    arrivals: part(57344, 64, 2),
    regions: part(0, 64, 0),
    locks: [],
    lines: part(0, 32, 0),
  },
  counter_names: ['accesses', 'faults'],
  daemon_names: ['trimmer', 'writer', 'writer 2', 'zeroer'],
  list_names: ['free/0', 'active'],
  line_names: [],
  event_kinds: ['none', 'pte'],
  event_capacity: 4,
  latency_buckets: 0,
  ...{ pages_per_lock: 64, trim_low: 1, trim_high: 2, cpu_cache: 8 },
};

let memory: { buffer: ArrayBufferLike };
let views: MachineViews;

function set(address: number, ...words: number[]) {
  new Uint32Array(memory.buffer).set(words, address / 4);
}

beforeEach(() => {
  memory = { buffer: new ArrayBuffer(0x1_0000) };
  views = new MachineViews(memory, layout);
});

test('a PTE is found through directory and table', () => {
  set(layout.parts.processes.address + 64, 2, 1, NONE, 1, 3, 600);
  // Directory in frame 3: entry 1 names frame 5; there entry 1 is page 513, on swap in slot 2.
  set(layout.parts.frame_bytes.address + 3 * 4096 + 8, 1 | (5 << 12), 0);
  set(layout.parts.frame_bytes.address + 5 * 4096 + 8, 3 | (2 << 12), 0);
  expect(views.pte(1, 513)).toMatchObject({ state: 'swapped', number: 2 });
  expect(views.pte(1, 512)).toMatchObject({ state: 'zero' });
  expect(views.pte(1, 0)).toBeNull();
  expect(views.pte(2, 513)).toBeNull();
});

test('a terminated process has no tables, whatever its record still says', () => {
  set(layout.parts.processes.address, 3, 1, NONE, 1, 3, 600);
  expect(views.tableOf(0, 0)).toBeNull();
  expect(views.processes().map((process) => process.state)).toEqual(['terminated']);
});

test('a list is walked in order, and never for ever', () => {
  set(layout.parts.lists.address + 64, 1, 0, 4, 2, 3, 6);
  set(layout.parts.links.address + 4 * 8, 6, NONE);
  set(layout.parts.links.address + 6 * 8, 2, 4);
  set(layout.parts.links.address + 2 * 8, NONE, 6);
  expect(views.list(1)).toEqual({
    ...{ name: 'active', locked: true, head: 4, tail: 2, count: 3, hand: 6 },
  });
  expect(views.listFrames(1)).toEqual([4, 6, 2]);
  set(layout.parts.links.address + 2 * 8, 4, 6);
  expect(views.listFrames(1)).toHaveLength(layout.frames);
});

test('a frame has a word of the policy', () => {
  set(layout.parts.notes.address + 3 * 8, 0x6e, 0);
  expect([views.note(2), views.note(3)]).toEqual([0, 0x6e]);
});

test('frames on no list are at hand with a CPU, or held back by it', () => {
  new Uint32Array(memory.buffer).fill(NONE, layout.parts.cpus.address / 4);
  set(layout.parts.cpus.address + 384 + 4 * CPU_AT_HAND_WORD, NONE, 5, 3);
  set(layout.parts.arrivals.address + 64, 2, NONE, 7);
  expect([views.atHand(0), views.atHand(1)]).toEqual([[], [5, 3]]);
  expect([views.arrivals(0), views.arrivals(1)]).toEqual([[], [2, 7]]);
});

test('counters are summed over rows', () => {
  set(layout.parts.counters.address, 1, 0, 10, 0);
  set(layout.parts.counters.address + 64, 2, 1, 5, 0);
  expect(views.counters()).toEqual({ accesses: 0x1_0000_0003, faults: 15 });
});

test('a CPU without a process runs none', () => {
  set(layout.parts.cpus.address, 2);
  set(layout.parts.cpus.address + 384, NONE);
  expect([views.runningOn(0), views.runningOn(1)]).toEqual([2, null]);
});

test('events are read on from where the reader was, and what was overwritten is told', () => {
  const ring = layout.parts.events.address;
  const record = (index: number) => set(ring + 64 + (index % 4) * 32, index, 0, 1, index);
  [0, 1, 2].forEach(record);
  set(ring, 3, 0);
  const first = views.events(0, 0);
  expect(first.events.map((event) => event.order)).toEqual([0, 1, 2]);
  expect(first).toMatchObject({ next: 3, lost: 0 });
  [3, 4, 5, 6, 7, 8].forEach(record);
  set(ring, 9, 0);
  const second = views.events(0, first.next);
  expect(second.events.map((event) => event.order)).toEqual([5, 6, 7, 8]);
  expect(second).toMatchObject({ next: 9, lost: 2 });
  expect(views.events(0, second.next)).toEqual({ events: [], next: 9, lost: 0 });
});

test('a memory that has grown is read through its new buffer', () => {
  const grown = new ArrayBuffer(0x2_0000);
  new Uint8Array(grown).set(new Uint8Array(memory.buffer));
  memory.buffer = grown;
  set(layout.parts.slot_counts.address + 4, 3);
  expect(views.slotCount(1)).toBe(3);
});
