/** Lets one task run at a time: the next one, or its end, aborts the one before. */
export class LatestTask {
  #present = new AbortController();

  /** Aborts the task before, and returns the signal of the next. */
  begin(): AbortSignal {
    this.end();
    return this.#present.signal;
  }

  end(): void {
    this.#present.abort();
    this.#present = new AbortController();
  }
}
