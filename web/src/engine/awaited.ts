// Waits, on the page that `npm start` serves, for a module that is still being built. A page that is built has
// all of them.

/** What the message of an error begins with where a build could not be made. */
export const NOT_BUILT = 'not built: ';

/** How long until the server is asked again, unless it says so, in seconds. */
const PAUSE = 1;

const WAIT = 503;
const FAILED = 500;

/**
 * Resolves when the module in a folder of web is there, and says once if that takes its time. Throws what the compiler said
 * if it failed.
 */
export async function untilBuilt(folder: string, onWait: () => void): Promise<void> {
  for (let waits = 0; ; waits++) {
    const answer = await fetch(`/builds/${folder}`);
    if (answer.status === FAILED) throw new Error(NOT_BUILT + (await answer.text()));
    // A server that knows nothing of builds has them all.
    if (answer.status !== WAIT) return;
    if (waits === 0) onWait();
    const seconds = Number(answer.headers.get('Retry-After') ?? PAUSE);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
