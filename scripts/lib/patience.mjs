// The longest waits of tests, and of commands that need a browser. They are long, because a computer may be busy with
// something else, and no test asserts how fast anything is.

/** The longest wait for a word on the page, a worker, a browser. In milliseconds, as all of these. */
export const waitFor = 180_000;

/** The longest time of a whole test or hook, which may wait several times and build what it needs. */
export const wholeTest = 1_200_000;

/** The least that a wait may be, wherever one is written by hand (patience.test.mjs). */
export const leastWait = 60_000;
