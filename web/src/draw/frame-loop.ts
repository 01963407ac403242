// Schedules all drawing of the page through one requestAnimationFrame. Each frame reads the machine first, then draws;
// when nothing asks for another, none comes: a still machine costs nothing.

export interface Clock {
  request(callback: (now: number) => void): number;
  cancel(handle: number): void;
}

const browserClock: Clock = {
  request: (callback) => requestAnimationFrame(callback),
  cancel: (handle) => cancelAnimationFrame(handle),
};

/** Reads the machine. True if it moved, so that the loop goes on for a while. */
type Sampler = (now: number) => boolean;

/** Draws. True if it has to be called again: a mark is still fading. */
type Painter = (now: number) => boolean;

/** How long after the last movement the loop goes on looking for the next one. */
const LINGER_MS = 400;

export class FrameLoop {
  /** Frames drawn since the page opened. */
  drawn = 0;
  readonly #clock: Clock;
  readonly #samplers = new Set<Sampler>();
  readonly #painters = new Set<Painter>();
  #waiting: (() => void)[] = [];
  #handle: number | undefined;
  #awake = false;
  #held = false;
  #missed = false;
  #lastMovement = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock = browserClock) {
    this.#clock = clock;
  }

  sample(sampler: Sampler): () => void {
    this.#samplers.add(sampler);
    return () => this.#samplers.delete(sampler);
  }

  paint(painter: Painter): () => void {
    this.#painters.add(painter);
    this.request();
    return () => this.#painters.delete(painter);
  }

  /** Draws at least one more frame. */
  request(): void {
    this.#handle ??= this.#clock.request(this.#frame);
  }

  /** When the next frame has been drawn. */
  whenDrawn(): Promise<void> {
    this.request();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** While awake, a frame follows each frame: something is known to be at work. */
  set awake(awake: boolean) {
    this.#awake = awake;
    this.request();
  }

  get held(): boolean {
    return this.#held;
  }

  /** While held it draws nothing: what it would read is on its way from one place to another. */
  set held(held: boolean) {
    this.#held = held;
    if (held || !this.#missed) return;
    this.#missed = false;
    this.request();
  }

  /** Draws at once: what is on paper next cannot wait for a frame. */
  drawNow(now = performance.now()): void {
    if (this.#handle !== undefined) this.#clock.cancel(this.#handle);
    this.#frame(now);
  }

  stop(): void {
    if (this.#handle !== undefined) this.#clock.cancel(this.#handle);
    this.#handle = undefined;
    this.#awake = false;
  }

  readonly #frame = (now: number): void => {
    this.#handle = undefined;
    if (this.#held) {
      this.#missed = true;
      return;
    }
    this.drawn++;
    for (const sampler of this.#samplers) {
      if (sampler(now)) this.#lastMovement = now;
    }
    let again = this.#awake || now - this.#lastMovement < LINGER_MS;
    for (const painter of this.#painters) {
      if (painter(now)) again = true;
    }
    if (again) this.request();
    for (const resolve of this.#waiting.splice(0)) resolve();
  };
}
