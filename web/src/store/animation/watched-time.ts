// Tells the time of animations, in milliseconds: it goes on from frame to frame as a clock does, but by at most a tenth of
// a second, so that what is played is seen however far apart frames are. All that one frame draws is drawn at one time.

/** After a pause longer than this no time has passed for somebody who watches. */
const LONGEST_FRAME_MS = 100;

export class WatchedTime {
  #now = 0;
  #last = 0;

  get now(): number {
    return this.#now;
  }

  /** A frame is drawn, or something begins, at this moment of the clock. */
  pass(moment: number): void {
    this.#now += Math.max(0, Math.min(moment - this.#last, LONGEST_FRAME_MS));
    this.#last = Math.max(this.#last, moment);
  }
}
