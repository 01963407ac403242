// Writes the output file of a command: it is none of the files that the command reads, and replaces the old file
// whole, at the end. The native command has the same rules (crate/cli/src/files.rs).

import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The first bytes of a swap file of the native command. */
const swapSignature = 'Faultline swap file\n';

/** @param {import('node:fs').BigIntStats} stats */
function kindOf(stats) {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a fifo';
  if (stats.isCharacterDevice()) return 'a character device';
  if (stats.isBlockDevice()) return 'a block device';
  return stats.isSocket() ? 'a socket' : 'a regular file';
}

/** Returns the stats of a file, by its name or its number; nothing if it does not exist. @param {string | number} file */
function look(file) {
  try {
    const exactly = /** @type {const} */ ({ bigint: true });
    return typeof file === 'number' ? fstatSync(file, exactly) : statSync(file, exactly);
  } catch {
    return undefined;
  }
}

/** Refuses a file that is not regular, because to read it could take for ever. @param {string} path */
export function beRegular(path) {
  const kind = kindOf(statSync(path, { bigint: true }));
  if (kind !== 'a regular file') throw new Error(`is ${kind}; legal: a regular file`);
}

/** @param {string} path */
function beNoSwap(path) {
  const file = openSync(path, 'r+');
  try {
    const begin = Buffer.alloc(swapSignature.length);
    readSync(file, begin, 0, begin.length, 0);
    if (begin.toString() === swapSignature)
      throw new Error('is a swap file; legal: a file that no run swaps to');
  } finally {
    closeSync(file);
  }
}

/**
 * Opens the file at a path, to be written part by part and finished, or dropped: then the old file stays.
 * @param {string} path
 * @param {(readonly [file: string | number, what: string])[]} taken what the command reads or writes besides
 */
export function outputFile(path, taken) {
  const there = look(path);
  const kind = there && kindOf(there);
  if (kind !== 'a character device') {
    for (const [file, what] of taken) {
      const other = look(file);
      if (there && other && there.dev === other.dev && there.ino === other.ino)
        throw new Error(
          `is ${what}; legal: a file that the command neither reads nor writes otherwise`,
        );
    }
  }
  if (kind === 'a character device' || kind === 'a fifo') return stream(path);
  if (kind !== undefined && kind !== 'a regular file')
    throw new Error(`is ${kind}; legal: a regular file or a fifo`);
  if (there) beNoSwap(path);
  else if (lstatSync(path, { throwIfNoEntry: false }))
    throw new Error('is a symbolic link to nothing; legal: a file, or a name that is free');
  const target = there ? realpathSync(path) : path;
  accessSync(dirname(target), constants.W_OK);
  return replacement(target, there && Number(there.mode));
}

/** Opens a stream, which takes the parts as they come. @param {string} path */
function stream(path) {
  const file = openSync(path, 'w');
  return {
    take: (/** @type {string} */ part) => writeFileSync(file, part),
    finish: () => closeSync(file),
    drop: () => closeSync(file),
  };
}

/** Creates a temporary beside the target, which it replaces at the end. @param {string} target @param {number} [mode] */
function replacement(target, mode) {
  const temporary = join(dirname(target), `.faultline-${randomUUID()}.part`);
  const file = openSync(temporary, 'wx', mode);
  // Whatever ends the command, ctrl-c included.
  const remove = () => rmSync(temporary, { force: true });
  process.once('exit', remove);
  const drop = () => {
    closeSync(file);
    remove();
    process.off('exit', remove);
  };
  return {
    take: (/** @type {string} */ part) => writeFileSync(file, part),
    finish() {
      if (existsSync(target)) beNoSwap(target);
      renameSync(temporary, target);
      drop();
    },
    drop,
  };
}
