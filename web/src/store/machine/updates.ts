// Publishes what the panels say in words and figures in parts, at most one in a frame: all of them at once, each with
// its layout, would be a frame that comes too late. Of the parts that are due the one that was published the longest
// ago is next.

export interface Part {
  /** It is told at most this often, in milliseconds: digits that flicker cannot be read. */
  readonly every: number;
  /** Whether it is short, and is told at once when the machine has come to rest at a place. */
  readonly prompt: boolean;
  /** Reads and tells; so many seconds after the time before. */
  tell(seconds: number): void;
}

interface Standing {
  readonly part: Part;
  last: number;
  /** Something differs from what was told. */
  differs: boolean;
}

export class Updates {
  readonly #parts: readonly Standing[];

  /** Parts that were never told are told in this order. */
  constructor(parts: readonly Part[]) {
    this.#parts = parts.map((part) => ({ part, last: Number.NEGATIVE_INFINITY, differs: false }));
  }

  /** The machine has moved. */
  note(): void {
    for (const standing of this.#parts) standing.differs = true;
  }

  /** There is no machine, and nothing to be told of it. */
  forget(): void {
    for (const standing of this.#parts) standing.differs = false;
  }

  /** Whether anything is still to be told. */
  get pending(): boolean {
    return this.#parts.some(({ differs }) => differs);
  }

  /** In a frame: tells one part, if it is time for any. */
  next(now: number): void {
    let oldest: Standing | undefined;
    for (const standing of this.#parts) {
      const { differs, last, part } = standing;
      const isDue = differs && now - last >= part.every;
      if (isDue && last < (oldest?.last ?? Number.POSITIVE_INFINITY)) oldest = standing;
    }
    if (oldest !== undefined) tell(oldest, now);
  }

  /** Tells all that is prompt, whatever the time; the rest follows in the next frames. */
  now(now: number): void {
    for (const standing of this.#parts) {
      if (standing.part.prompt) tell(standing, now);
      else standing.differs = true;
    }
  }
}

function tell(standing: Standing, now: number): void {
  const seconds = (now - standing.last) / 1000;
  standing.last = now;
  standing.differs = false;
  standing.part.tell(seconds);
}
