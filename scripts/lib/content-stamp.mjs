// Says whether a result is still that of its sources, by their content rather than their dates.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from './command.mjs';

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesUnder(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/**
 * @param {string[]} sources files and folders, from the project's root
 * @param {(file: string) => boolean} [counts] which of the files count
 */
export function contentHash(sources, counts = () => true) {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(join(root, source))) {
      const name = relative(root, file);
      if (counts(name)) hash.update(`${name}\0`).update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * Whether the stamp, written when a result was last made, says that nothing has changed since.
 * @param {string} stamp the stamp's file, from the project's root
 * @param {string} hash
 */
export function isCurrent(stamp, hash) {
  const file = join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

/** Says that a result was made. @param {string} stamp @param {string} hash */
export function markCurrent(stamp, hash) {
  const file = join(root, stamp);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, hash);
}

/**
 * Does the work unless nothing has changed since it was last done.
 * @param {string} stamp
 * @param {string} hash
 * @param {() => Promise<unknown>} work
 */
export async function unlessCurrent(stamp, hash, work) {
  if (isCurrent(stamp, hash)) return 'unchanged';
  await work();
  markCurrent(stamp, hash);
  return null;
}
