// Holds traces that a visitor attached: named, kept where there is room, and otherwise held as long as the page lives.

import { signal } from '@preact/signals';
import { freeName, nameOfFile } from '../../share/trace-name.ts';
import type { KeptTrace, TraceShelf } from '../../share/trace-shelf.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';

/** A trace that has been read and has no name yet. */
export type UnnamedTrace = Omit<AttachedTrace, 'name' | 'at'>;

interface Attached {
  readonly trace: AttachedTrace;
  /** Whether it will be there when the page is loaded again. */
  readonly isKept: boolean;
}

type Kept = KeptTrace<AttachedTrace>;

export class TraceCollection {
  /** The traces that there are, the latest first. */
  readonly list = signal<readonly AttachedTrace[]>([]);
  readonly #shelf: TraceShelf<AttachedTrace> | undefined;
  readonly #reserved: readonly string[];
  /** How many bytes the browser still gives, as far as it says. */
  readonly room: () => Promise<number>;
  readonly #texts = new Map<string, Blob>();
  /** Those that the browser does not keep. */
  readonly #unkept = new Map<string, Kept>();

  /** `reserved` are names that others have. */
  constructor(
    shelf: TraceShelf<AttachedTrace> | undefined,
    reserved: readonly string[],
    room: () => Promise<number>,
  ) {
    this.#shelf = shelf;
    this.#reserved = reserved;
    this.room = room;
  }

  /** Reads what is kept: other tabs write there too. */
  async refresh(): Promise<void> {
    let kept: readonly Kept[] = [];
    try {
      kept = (await this.#shelf?.all()) ?? [];
    } catch {
      // Forbidden or broken: there is what this page holds.
    }
    const all = new Map([...kept.map(entryOf), ...this.#unkept]);
    this.#texts.clear();
    for (const [name, { text }] of all) this.#texts.set(name, text);
    const facts = [...all.values()].map((trace) => trace.facts);
    this.list.value = facts.sort((one, other) => other.at - one.at);
  }

  /**
   * Attaches a trace under a name, in the place of what had it; without one under its file's name, or, if the same
   * references are there already, as that trace.
   */
  async attach(trace: UnnamedTrace, text: Blob, as?: string): Promise<Attached> {
    await this.refresh();
    const isSame = ({ mark, references, pages, onePageIn }: AttachedTrace) =>
      mark === trace.mark &&
      references === trace.references &&
      pages === trace.pages &&
      onePageIn === trace.onePageIn;
    const same = as === undefined ? this.list.value.find(isSame) : undefined;
    if (same !== undefined) return { trace: same, isKept: !this.#unkept.has(same.name) };
    const stem = nameOfFile(trace.file);
    const wish = trace.onePageIn > 1 ? `${stem}-1in${trace.onePageIn}` : stem;
    const isTaken = (name: string) => this.#reserved.includes(name) || this.#texts.has(name);
    const facts = { ...trace, name: as ?? freeName(wish, isTaken), at: Date.now() };
    const isKept = await this.#keep({ facts, text });
    if (isKept) this.#unkept.delete(facts.name);
    else this.#unkept.set(facts.name, { facts, text });
    await this.refresh();
    return { trace: facts, isKept };
  }

  async #keep(trace: Kept): Promise<boolean> {
    if (this.#shelf === undefined) return false;
    try {
      if (trace.text.size > (await this.room())) return false;
      await this.#shelf.put(trace);
      return true;
    } catch {
      return false;
    }
  }

  /** The text of a trace; undefined if there is none of this name. */
  async textOf(name: string): Promise<string | undefined> {
    return (await this.fileOf(name))?.text();
  }

  /** The same as a file, which may be larger than is good to hold. */
  async fileOf(name: string): Promise<Blob | undefined> {
    if (!this.#texts.has(name)) await this.refresh();
    return this.#texts.get(name);
  }

  async remove(name: string): Promise<void> {
    this.#unkept.delete(name);
    try {
      await this.#shelf?.remove(name);
    } catch {
      // What is forbidden was never kept.
    }
    await this.refresh();
  }
}

function entryOf(trace: Kept): [string, Kept] {
  return [trace.facts.name, trace];
}
