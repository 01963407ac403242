// Keeps the swap of a machine on the browser's disk: a file of the page's origin, which each worker opens for itself. A
// file is its machine's alone, and goes with it; those that others left behind go when the next is made.

import type { OpenFile } from '../../pkg-threads/faultline_threads.js';

/**
 * Why swap stays in memory: the machine runs on virtual CPUs, which wait for no disk; the browser gives a page no files that a
 * worker can wait for; it opens a file for one worker alone; or it refuses the file, and says why.
 */
export type SwapRefusal =
  | { kind: 'virtual' | 'no files' | 'one worker' }
  | { kind: 'refused'; said: string };

/** What of the browser's files is used here. */
interface Handle {
  read(page: Uint8Array, options: { at: number }): number;
  write(page: Uint8Array, options: { at: number }): number;
  close(): void;
  /** What was asked for, where the browser knows it. */
  readonly mode?: string;
}

interface SwapEntry {
  createSyncAccessHandle?(options: { mode: string }): Promise<Handle>;
}

const FOLDER = 'faultline-swap';

/** Several workers have the file, and the machine sees to it that they never write one page. */
const SHARED = 'readwrite-unsafe';

function folder(): Promise<FileSystemDirectoryHandle> {
  return navigator.storage
    .getDirectory()
    .then((root) => root.getDirectoryHandle(FOLDER, { create: true }));
}

/** A file as the engine uses it. */
function asOpen(handle: Handle): OpenFile {
  return {
    read: (page, at) => handle.read(page, { at }),
    write: (page, at) => handle.write(page, { at }),
  };
}

/** Opens the swap file of a machine, in one more worker. */
export async function openSwapFile(name: string): Promise<OpenFile> {
  const entry = (await (await folder()).getFileHandle(name)) as SwapEntry;
  if (entry.createSyncAccessHandle === undefined) throw new Error('the browser opens no files');
  return asOpen(await entry.createSyncAccessHandle({ mode: SHARED }));
}

/** Removes each file that no machine has open. What is open cannot be removed. */
async function removeLeftBehind(inside: FileSystemDirectoryHandle): Promise<void> {
  for await (const name of inside.keys()) {
    await inside.removeEntry(name).catch(() => undefined);
  }
}

/** Makes the swap file of a machine and opens it, in the first worker of those that will have it. */
export async function createSwapFile(): Promise<
  { name: string; file: OpenFile } | { refusal: SwapRefusal }
> {
  if (
    typeof navigator.storage?.getDirectory !== 'function' ||
    typeof FileSystemFileHandle === 'undefined' ||
    !('createSyncAccessHandle' in FileSystemFileHandle.prototype)
  ) {
    return { refusal: { kind: 'no files' } };
  }
  try {
    // Another page may be about to open what it has made.
    return await navigator.locks.request(FOLDER, async () => {
      const inside = await folder();
      await removeLeftBehind(inside);
      const name = crypto.randomUUID();
      const entry = (await inside.getFileHandle(name, { create: true })) as SwapEntry;
      const handle = await entry.createSyncAccessHandle?.({ mode: SHARED });
      if (handle?.mode === SHARED) return { name, file: asOpen(handle) };
      handle?.close();
      await inside.removeEntry(name);
      return { refusal: { kind: 'one worker' } };
    });
  } catch (error) {
    return { refusal: { kind: 'refused', said: String(error) } };
  }
}

/** How often it is tried to remove a file, and how long is waited between: Chromium lets a worker that waits end after 2 s. */
const TRIES = 60;
const PAUSE_MS = 500;

/** Removes the file of a machine whose workers are ending, as soon as they have let go of it. */
export async function removeSwapFile(name: string): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    try {
      return await (await folder()).removeEntry(name);
    } catch (error) {
      const isHeld = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      // What cannot be removed now goes when the next file is made.
      if (!isHeld) return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
