// Names the elements of page tables so that the one that has the focus stays: each process keeps its own for as long as its
// table is shown, and a process that is selected in the place of another takes over that one's.

export class TableKeys {
  #keys = new Map<number, number>();
  #selected = -1;
  #next = 0;

  /** The keys of these tables, by the index of their process. */
  of(tables: readonly number[], selected: number): ReadonlyMap<number, number> {
    const isLeft = !tables.includes(this.#selected);
    const inherited =
      isLeft && !this.#keys.has(selected) ? this.#keys.get(this.#selected) : undefined;
    const keyOf = (index: number) => {
      if (index === selected && inherited !== undefined) return inherited;
      return this.#keys.get(index) ?? this.#next++;
    };
    this.#keys = new Map(tables.map((index) => [index, keyOf(index)]));
    this.#selected = selected;
    return this.#keys;
  }
}
