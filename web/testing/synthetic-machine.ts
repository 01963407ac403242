// Makes a machine's memory by hand for tests, in the documented formats. No engine is behind it.

import { MachineViews, recordAt } from '../src/engine/views.ts';
import {
  CPU_AT_HAND_WORD,
  FAULT_KINDS,
  LINE_COST_WORDS,
  LOCK_CLASS_SHIFT,
  LOCK_COST_WORDS,
  LOCK_NAME_WORDS,
  MOST_ARRIVALS,
  MOST_AT_HAND,
  MOST_HELD,
  NONE,
  PROFILE_AWAITED_WORD,
  PROFILE_HELD_WORD,
} from '../src/generated/machine.ts';
import type { Layout, Parts } from '../src/generated/types.d.ts';

const KINDS = [
  ...['none', 'pte', 'pfn', 'fault-begin', 'fault-phase', 'fault-end'],
  ...['lock-wait', 'lock-waited', 'job-begin', 'job-end'],
];
/** Kinds of faults that have latencies: all but the first. */
const TIMED = FAULT_KINDS.length - 1;
const BUCKETS = 3840;
const REGIONS = 9;
const LOCK_BYTES = 4 * (PROFILE_HELD_WORD + MOST_HELD * LOCK_NAME_WORDS);
const LINES = ['ptes', 'lists.lock', 'lists.count'];
const COUNTERS = ['accesses', 'faults', 'demand_zero', 'soft', 'hard', 'write_protect', 'copies'];

export class SyntheticMachine {
  readonly layout: Layout;
  readonly buffer: ArrayBuffer;
  readonly #words: Uint32Array;

  constructor({
    frames = 16,
    slots = 8,
    cpus = 2,
    processes = 4,
    capacity = 8,
    lists = [] as string[],
  } = {}) {
    let next = 0;
    const take = (stride: number, count: number) => {
      const address = next;
      next += Math.ceil((stride * count) / 64) * 64;
      return { address, stride, count };
    };
    const rows = cpus + 1;
    this.layout = {
      frames,
      slots,
      cpus,
      parts: {
        frame_bytes: take(4096, frames),
        pfn: take(16, frames),
        links: take(8, frames),
        notes: take(8, frames),
        lists: take(64, lists.length),
        processes: take(64, processes),
        cpus: take(384, cpus),
        counters: take(256, rows),
        slot_counts: take(4, slots + 1),
        events: take(64 + capacity * 32, rows + 1),
        latencies: take(TIMED * BUCKETS * 4, 1),
        arrivals: take(64, cpus),
        regions: take(64, REGIONS),
        locks: Array.from({ length: rows }, () => take(LOCK_BYTES, 1)),
        lines: take(LINE_COST_WORDS * 4, LINES.length),
      },
      counter_names: COUNTERS,
      daemon_names: ['trimmer'],
      list_names: lists,
      line_names: LINES,
      event_kinds: KINDS,
      event_capacity: capacity,
      latency_buckets: BUCKETS,
      ...{ pages_per_lock: 64, trim_low: 2, trim_high: 4, cpu_cache: 8 },
    };
    this.buffer = new ArrayBuffer(next);
    this.#words = new Uint32Array(this.buffer);
    for (let cpu = 0; cpu < cpus; cpu++) {
      for (const [part, words] of [
        ['cpus', CPU_AT_HAND_WORD + MOST_AT_HAND],
        ['arrivals', MOST_ARRIVALS],
      ] as const) {
        const at = this.#at(part, cpu);
        this.#words.fill(NONE, at, at + words);
      }
    }
  }

  #at(part: Exclude<keyof Parts, 'locks'>, record: number): number {
    return recordAt(this.layout.parts[part], record);
  }

  #profileAt(row: number): number {
    const profile = this.layout.parts.locks[row];
    return profile === undefined ? 0 : recordAt(profile, 0);
  }

  views(): MachineViews {
    return new MachineViews(this, this.layout);
  }

  process(
    index: number,
    record: { state: number; parent?: number; family?: number; directory: number; pages: number },
  ) {
    const at = this.#at('processes', index);
    this.#words.set(
      [record.state, 1, record.parent ?? NONE, record.family ?? 0, record.directory, record.pages],
      at,
    );
  }

  runOn(cpu: number, process: number) {
    this.#words[this.#at('cpus', cpu)] = process;
  }

  frame(frame: number, word: number, slot = 0, page = 0, owner = 0) {
    this.#words.set([word, slot, page, owner], this.#at('pfn', frame));
  }

  /** Writes a 64-bit word into a frame: an entry of a directory, a PTE, or data. */
  word(frame: number, index: number, number: number, bits: number) {
    const at = this.#at('frame_bytes', frame) + index * 2;
    this.#words[at] = (((number % 0x100000) << 12) | bits) >>> 0;
    this.#words[at + 1] = Math.floor(number / 0x100000);
  }

  /** The policy's word for a frame. */
  note(frame: number, note: number) {
    this.#words[this.#at('notes', frame)] = note;
  }

  slot(slot: number, count: number) {
    this.#words[this.#at('slot_counts', slot)] = count;
  }

  /** Puts frames on a list, in order. */
  list(index: number, frames: readonly number[], hand: number = NONE) {
    const [head, tail] = [frames[0] ?? NONE, frames.at(-1) ?? NONE];
    this.#words.set([0, 0, head, tail, frames.length, hand], this.#at('lists', index));
    for (const [at, frame] of frames.entries()) {
      const links = [frames[at + 1] ?? NONE, frames[at - 1] ?? NONE];
      this.#words.set(links, this.#at('links', frame));
    }
  }

  atHand(cpu: number, frames: readonly number[]) {
    this.#words.set(frames, this.#at('cpus', cpu) + CPU_AT_HAND_WORD);
  }

  arrivals(cpu: number, frames: readonly number[]) {
    this.#words.set(frames, this.#at('arrivals', cpu));
  }

  /** Sets a counter of the first CPU. */
  count(name: string, value: number) {
    this.#words[this.#at('counters', 0) + COUNTERS.indexOf(name) * 2] = value;
  }

  /** So many faults of a kind in a bucket. */
  latency(kind: number, bucket: number, count: number) {
    this.#words[this.#at('latencies', 0) + kind * BUCKETS + bucket] = count;
  }

  lockCost(row: number, kind: number, cost: readonly [number, number, number, number]) {
    const at = this.#profileAt(row) + kind * LOCK_COST_WORDS;
    this.#words.set(
      cost.flatMap((value) => [value, 0]),
      at,
    );
  }

  /** What a row awaits, first, and what it holds: class, process, number; none is []. */
  locks(row: number, ...names: readonly number[][]) {
    const at = this.#profileAt(row) + PROFILE_AWAITED_WORD;
    const words = names.map(([kind, process = 0, number = 0]) =>
      kind === undefined ? [0, 0] : [number, ((kind + 1) << LOCK_CLASS_SHIFT) | process],
    );
    this.#words.set([...(words[0] ?? [0, 0]), names.length - 1, 0, ...words.slice(1).flat()], at);
  }

  region(record: number, process: number, page: number, contended: number, wait: number) {
    const at = this.#at('regions', record);
    this.#words.set([page + 1, process, 0, 0, contended, 0, wait, 0, 0, 0], at);
  }

  /** What the cache lines of a class of words have cost: transfers, those falsely shared, queued, lost. */
  lineCost(name: string, cost: readonly number[]) {
    const at = this.#at('lines', LINES.indexOf(name));
    for (const [field, value] of cost.entries()) this.#words[at + field * 2] = value;
  }

  counter(row: number, name: string, value: number) {
    const at = this.#at('counters', row) + COUNTERS.indexOf(name) * 2;
    this.#words[at] = value;
  }

  event(
    cpu: number,
    ...[kind, process, number, a, time, b = 0]: [string, number, number, number, number, number?]
  ) {
    const at = this.#at('events', cpu);
    const head = this.#words[at] ?? 0;
    const record = at + 16 + (head % this.layout.event_capacity) * 8;
    const first = (KINDS.indexOf(kind) | (cpu << 8) | (process << 16)) >>> 0;
    const stamp = [(time << 12) >>> 0, time >>> 20];
    this.#words.set([...stamp, first, number, a, 0, b, 0], record);
    this.#words[at] = head + 1;
  }
  /** Puts a ring back: to so many records, of which it has no more the first. */
  rewind(ring: number, head: number, floor: number) {
    const at = this.#at('events', ring);
    this.#words.set([head, 0, 0, 0, floor, 0], at);
  }
}
