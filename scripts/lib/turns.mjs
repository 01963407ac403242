// Keeps apart the words of things that run at one time. What began first is shown as it speaks; each other is kept and shown
// as a whole when it ends, between two lines of the first, or goes on as it speaks once it is the first itself.

import { AsyncLocalStorage } from 'node:async_hooks';

/** @typedef {{write(chunk: string | Uint8Array): unknown}} Stream */
/** @typedef {{name: string, kept: [Stream, string | Uint8Array][]}} Turn */

const current = /** @type {AsyncLocalStorage<Turn>} */ (new AsyncLocalStorage());

/** Those that run, in the order in which they began. @type {Turn[]} */
const running = [];

/** Whether what was shown last ends a line. */
let atLineStart = true;

/** @param {Stream} stream @param {string | Uint8Array} chunk */
function show(stream, chunk) {
  if (chunk.length === 0) return;
  stream.write(chunk);
  const last = chunk.at(-1);
  atLineStart = last === '\n' || last === 0x0a;
}

/** @param {Turn} turn */
function showKept(turn) {
  for (const [stream, chunk] of turn.kept.splice(0)) show(stream, chunk);
}

/** Returns what writes for whoever asks: at once, or in its turn. It may be called from anywhere later. */
export function writer() {
  const turn = current.getStore();
  return (/** @type {Stream} */ stream, /** @type {string | Uint8Array} */ chunk) => {
    if (turn === undefined || turn === running[0] || !running.includes(turn)) show(stream, chunk);
    else turn.kept.push([stream, chunk]);
  };
}

/**
 * Runs a body whose words are kept apart from those of all others that run so.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function inTurn(name, body) {
  const turn = /** @type {Turn} */ ({ name, kept: [] });
  running.push(turn);
  try {
    return await current.run(turn, body);
  } finally {
    const first = running[0];
    running.splice(running.indexOf(turn), 1);
    if (first === turn) {
      if (running[0] !== undefined) showKept(running[0]);
    } else if (first !== undefined) {
      if (!atLineStart) show(process.stdout, '\n');
      showKept(turn);
      show(process.stdout, `\n== ${first.name}, goes on\n`);
    }
  }
}
