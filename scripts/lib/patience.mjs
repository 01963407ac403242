// How long tests, and commands that need a browser, wait for what has to happen. Nothing that works is given up on a
// machine that is busy with something else, and no test says how fast anything is.

/** One wait: for a word on the page, a worker, a browser. In milliseconds, as all of these. */
export const waitFor = 180_000;

/** A whole test or hook, which may wait several times and build what it needs. */
export const wholeTest = 1_200_000;

/** The least that a wait may be, wherever one is written by hand (patience.test.mjs). */
export const leastWait = 60_000;
