// Measures by how much the browser's clock moves at once: by 5 µs in Chromium and by 20 µs in Firefox, where the page is
// isolated. What threads do is timed by that clock.

/** How many steps are looked at: browsers make some longer than others. */
const STEPS = 4;

/** The shortest step of the clock that was seen, in nanoseconds. It takes as long as those steps. */
export function measureStep(now: () => number = () => performance.now()): number {
  let last = now();
  let shortest = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= STEPS; step++) {
    let next = last;
    while (next === last) next = now();
    // The first was under way already.
    if (step > 0) shortest = Math.min(shortest, next - last);
    last = next;
  }
  return Math.round(shortest * 1e6);
}
