// Makes a machine's memory by hand for tests, in the documented formats. No engine is behind it.

import { MachineViews } from '../src/engine/views.ts';
import {
  FAULT_KINDS,
  LOCK_CLASS_SHIFT,
  LOCK_COST_WORDS,
  LOCK_NAME_WORDS,
  MOST_HELD,
  NONE,
  PROFILE_AWAITED_WORD,
  PROFILE_HELD_WORD,
} from '../src/generated/machine.ts';
import type { Layout } from '../src/generated/types.d.ts';

const KINDS = [
  ...['none', 'pte', 'pfn', 'fault-begin', 'fault-phase', 'fault-end'],
  ...['lock-wait', 'lock-waited'],
];
/** Kinds of faults that have latencies: all but the first. */
const TIMED = FAULT_KINDS.length - 1;
const BUCKETS = 3840;
const REGIONS = 9;
const LOCK_BYTES = 4 * (PROFILE_HELD_WORD + MOST_HELD * LOCK_NAME_WORDS);
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
    const take = (bytes: number) => {
      const at = next;
      next += Math.ceil(bytes / 64) * 64;
      return at;
    };
    const rows = cpus + 1;
    const ring = 64 + capacity * 32;
    this.layout = {
      frames,
      slots,
      cpus,
      max_processes: processes,
      rows,
      rings: rows + 1,
      addresses: {
        frame_bytes: take(frames * 4096),
        pfn: take(frames * 16),
        links: take(frames * 8),
        notes: take(frames * 8),
        lists: take(64 * Math.max(1, lists.length)),
        processes: take(processes * 64),
        cpus: take(cpus * 384),
        counters: take(rows * 256),
        slot_counts: take((slots + 1) * 4),
        events: take((rows + 1) * ring),
        latencies: take(TIMED * BUCKETS * 4),
        arrivals: take(cpus * 64),
        regions: take(REGIONS * 64),
        locks: Array.from({ length: rows }, () => take(LOCK_BYTES)),
      },
      strides: {
        ...{ list: 64, process: 64, cpu: 384, counters: 256, events: ring, arrivals: 64 },
        ...{ regions: 64, locks: LOCK_BYTES, latencies: TIMED * BUCKETS * 4 },
      },
      counter_names: COUNTERS,
      list_names: lists,
      event_kinds: KINDS,
      event_capacity: capacity,
      latency_rows: 1,
      latency_buckets: BUCKETS,
      lock_regions: REGIONS,
      ...{ pages_per_lock: 64, trim_low: 2, trim_high: 4, cpu_cache: 8 },
    };
    this.buffer = new ArrayBuffer(next);
    this.#words = new Uint32Array(this.buffer);
    for (let cpu = 0; cpu < cpus; cpu++) {
      for (const [part, words] of [
        ['cpus', 66],
        ['arrivals', 15],
      ] as const) {
        const at =
          (this.layout.addresses[part] +
            cpu * this.layout.strides[part === 'cpus' ? 'cpu' : part]) /
          4;
        this.#words.fill(NONE, at, at + words);
      }
    }
  }

  views(): MachineViews {
    return new MachineViews(this, this.layout);
  }

  process(
    index: number,
    record: { state: number; parent?: number; directory: number; pages: number },
  ) {
    const at = (this.layout.addresses.processes + index * 64) / 4;
    this.#words.set(
      [record.state, 1, record.parent ?? NONE, 0, record.directory, record.pages],
      at,
    );
  }

  runOn(cpu: number, process: number) {
    this.#words[(this.layout.addresses.cpus + cpu * 384) / 4] = process;
  }

  frame(frame: number, word: number, slot = 0, page = 0, owner = 0) {
    this.#words.set([word, slot, page, owner], this.layout.addresses.pfn / 4 + frame * 4);
  }

  /** Writes a 64-bit word into a frame: an entry of a directory, a PTE, or data. */
  word(frame: number, index: number, number: number, bits: number) {
    const at = this.layout.addresses.frame_bytes / 4 + frame * 1024 + index * 2;
    this.#words[at] = (((number % 0x100000) << 12) | bits) >>> 0;
    this.#words[at + 1] = Math.floor(number / 0x100000);
  }

  /** The policy's word for a frame. */
  note(frame: number, note: number) {
    this.#words[this.layout.addresses.notes / 4 + frame * 2] = note;
  }

  slot(slot: number, count: number) {
    this.#words[this.layout.addresses.slot_counts / 4 + slot] = count;
  }

  /** Puts frames on a list, in order. */
  list(index: number, frames: readonly number[], hand: number = NONE) {
    const { addresses } = this.layout;
    const [head, tail] = [frames[0] ?? NONE, frames.at(-1) ?? NONE];
    this.#words.set([0, 0, head, tail, frames.length, hand], (addresses.lists + index * 64) / 4);
    for (const [at, frame] of frames.entries()) {
      const links = [frames[at + 1] ?? NONE, frames[at - 1] ?? NONE];
      this.#words.set(links, addresses.links / 4 + frame * 2);
    }
  }

  atHand(cpu: number, frames: readonly number[]) {
    this.#words.set(frames, (this.layout.addresses.cpus + cpu * 384) / 4 + 2);
  }

  arrivals(cpu: number, frames: readonly number[]) {
    this.#words.set(frames, (this.layout.addresses.arrivals + cpu * 64) / 4);
  }

  /** So many faults of a kind in a bucket. */
  latency(kind: number, bucket: number, count: number) {
    this.#words[this.layout.addresses.latencies / 4 + kind * BUCKETS + bucket] = count;
  }

  lockCost(row: number, kind: number, cost: readonly [number, number, number, number]) {
    const at = (this.layout.addresses.locks[row] ?? 0) / 4 + kind * LOCK_COST_WORDS;
    this.#words.set(
      cost.flatMap((value) => [value, 0]),
      at,
    );
  }

  /** What a row awaits, first, and what it holds: class, process, number; none is []. */
  locks(row: number, ...names: readonly number[][]) {
    const at = (this.layout.addresses.locks[row] ?? 0) / 4 + PROFILE_AWAITED_WORD;
    const words = names.map(([kind, process = 0, number = 0]) =>
      kind === undefined ? [0, 0] : [number, ((kind + 1) << LOCK_CLASS_SHIFT) | process],
    );
    this.#words.set([...(words[0] ?? [0, 0]), names.length - 1, 0, ...words.slice(1).flat()], at);
  }

  region(record: number, process: number, page: number, contended: number, wait: number) {
    const at = (this.layout.addresses.regions + record * 64) / 4;
    this.#words.set([page + 1, process, 0, 0, contended, 0, wait, 0, 0, 0], at);
  }

  counter(row: number, name: string, value: number) {
    const at = this.layout.addresses.counters + row * 256 + COUNTERS.indexOf(name) * 8;
    this.#words[at / 4] = value;
  }

  event(
    cpu: number,
    ...[kind, process, number, a, time, b = 0]: [string, number, number, number, number, number?]
  ) {
    const { addresses, strides, event_capacity } = this.layout;
    const at = (addresses.events + cpu * strides.events) / 4;
    const head = this.#words[at] ?? 0;
    const record = at + 16 + (head % event_capacity) * 8;
    const first = (KINDS.indexOf(kind) | (cpu << 8) | (process << 16)) >>> 0;
    const stamp = [(time << 12) >>> 0, time >>> 20];
    this.#words.set([...stamp, first, number, a, 0, b, 0], record);
    this.#words[at] = head + 1;
  }
  /** Puts a ring back: to so many records, of which it has no more the first. */
  rewind(ring: number, head: number, floor: number) {
    const at = (this.layout.addresses.events + ring * this.layout.strides.events) / 4;
    this.#words.set([head, 0, 0, 0, floor, 0], at);
  }
}
