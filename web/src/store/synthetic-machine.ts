// For tests: a machine's memory made by hand, in the documented formats. No engine is behind it.

import { MachineViews } from '../engine/views.ts';
import { none } from '../engine/words.ts';
import type { Layout } from '../generated/types.d.ts';

const KINDS = ['none', 'pte', 'pfn', 'fault-begin', 'fault-phase', 'fault-end'];
const COUNTERS = ['accesses', 'faults', 'demand_zero', 'soft', 'hard', 'write_protect', 'copies'];

export class SyntheticMachine {
  readonly layout: Layout;
  readonly buffer: ArrayBuffer;
  readonly #words: Uint32Array;

  constructor({ frames = 16, slots = 8, cpus = 2, processes = 4, capacity = 8 } = {}) {
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
        lists: take(64),
        processes: take(processes * 64),
        cpus: take(cpus * 128),
        counters: take(rows * 256),
        slot_counts: take((slots + 1) * 4),
        events: take((rows + 1) * ring),
      },
      strides: { list: 64, process: 64, cpu: 128, counters: 256, events: ring },
      counter_names: COUNTERS,
      list_names: [],
      event_kinds: KINDS,
      event_capacity: capacity,
    };
    this.buffer = new ArrayBuffer(next);
    this.#words = new Uint32Array(this.buffer);
    for (let cpu = 0; cpu < cpus; cpu++) this.runOn(cpu, none);
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
      [record.state, 1, record.parent ?? none, 0, record.directory, record.pages],
      at,
    );
  }

  runOn(cpu: number, process: number) {
    this.#words[(this.layout.addresses.cpus + cpu * 128) / 4] = process;
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

  slot(slot: number, count: number) {
    this.#words[this.layout.addresses.slot_counts / 4 + slot] = count;
  }

  counter(row: number, name: string, value: number) {
    const at = this.layout.addresses.counters + row * 256 + COUNTERS.indexOf(name) * 8;
    this.#words[at / 4] = value;
  }

  event(cpu: number, kind: string, process: number, number: number, a: number, time: number) {
    const { addresses, strides, event_capacity } = this.layout;
    const at = (addresses.events + cpu * strides.events) / 4;
    const head = this.#words[at] ?? 0;
    const record = at + 16 + (head % event_capacity) * 8;
    const first = (KINDS.indexOf(kind) | (cpu << 8) | (process << 16)) >>> 0;
    const stamp = [(time << 12) >>> 0, time >>> 20];
    this.#words.set([...stamp, first, number, a, 0, 0, 0], record);
    this.#words[at] = head + 1;
  }
}
