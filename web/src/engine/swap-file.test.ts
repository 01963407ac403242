import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSwapFile, openSwapFile, removeSwapFile } from './swap-file.ts';

/** The files of an origin, as a browser has them: an open one cannot be removed. */
class Files {
  readonly open = new Map<string, number>();
  readonly bytes = new Map<string, Map<number, Uint8Array>>();
  /** What the browser makes of the mode that was asked for. */
  mode: string | undefined = 'readwrite-unsafe';

  make(name: string): void {
    this.bytes.set(name, new Map());
  }

  handle(name: string) {
    this.open.set(name, (this.open.get(name) ?? 0) + 1);
    return {
      mode: this.mode,
      read: (page: Uint8Array, { at }: { at: number }) => {
        const found = this.bytes.get(name)?.get(at);
        if (found === undefined) return 0;
        page.set(found);
        return found.length;
      },
      write: (page: Uint8Array, { at }: { at: number }) => {
        this.bytes.get(name)?.set(at, page.slice());
        return page.length;
      },
      close: () => this.open.delete(name),
    };
  }

  remove(name: string): void {
    if (this.open.has(name)) throw new DOMException('it is open', 'NoModificationAllowedError');
    if (!this.bytes.delete(name)) throw new DOMException('there is none', 'NotFoundError');
  }

  folder() {
    return {
      keys: async function* (this: { files: Files }) {
        yield* [...this.files.bytes.keys()];
      },
      files: this,
      removeEntry: async (name: string) => this.remove(name),
      getFileHandle: async (name: string, { create = false } = {}) => {
        if (create) this.make(name);
        if (!this.bytes.has(name)) throw new DOMException('there is none', 'NotFoundError');
        return { createSyncAccessHandle: async () => this.handle(name) };
      },
    };
  }
}

let files: Files;

beforeEach(() => {
  files = new Files();
  vi.stubGlobal('navigator', {
    storage: { getDirectory: async () => ({ getDirectoryHandle: async () => files.folder() }) },
    locks: { request: (_: string, body: () => unknown) => body() },
  });
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createSyncAccessHandle() {}
    },
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function created() {
  const made = await createSwapFile();
  if ('refusal' in made) throw new Error(made.refusal.kind);
  return made;
}

test('r2 each worker opens the one swap file of its machine, and reads what another wrote', async () => {
  const { name, file } = await created();
  const other = await openSwapFile(name);
  const page = new Uint8Array(4096).fill(7);
  expect(file.write(page, 8192)).toBe(4096);
  const read = new Uint8Array(4096);
  expect(other.read(read, 8192)).toBe(4096);
  expect(read).toEqual(page);
  expect(other.read(read, 0)).toBe(0);
});

test('r2 a swap file is its machine’s alone, and what no machine has open goes when one is made', async () => {
  files.make('left behind');
  const first = await created();
  const second = await created();
  expect([...files.bytes.keys()]).toEqual([first.name, second.name]);
  files.open.delete(first.name);
  const third = await created();
  expect([...files.bytes.keys()]).toEqual([second.name, third.name]);
});

test('r2 the swap file of a machine that ends is removed as soon as its workers have let go', async () => {
  vi.useFakeTimers();
  const { name } = await created();
  const removed = removeSwapFile(name);
  await vi.advanceTimersByTimeAsync(2000);
  expect(files.bytes.has(name)).toBe(true);
  files.open.delete(name);
  await vi.runAllTimersAsync();
  await removed;
  expect(files.bytes.has(name)).toBe(false);
  await removeSwapFile(name);
  vi.useRealTimers();
});

test('r2 a browser that opens a file for one worker alone is found out, and leaves no file', async () => {
  files.mode = undefined;
  expect(await createSwapFile()).toEqual({ refusal: { kind: 'one worker' } });
  expect([files.bytes.size, files.open.size]).toEqual([0, 0]);
});

test('r2 a browser without files for workers keeps swap in memory', async () => {
  vi.stubGlobal('FileSystemFileHandle', class {});
  expect(await createSwapFile()).toEqual({ refusal: { kind: 'no files' } });
  vi.stubGlobal('FileSystemFileHandle', undefined);
  expect(await createSwapFile()).toEqual({ refusal: { kind: 'no files' } });
  vi.stubGlobal('navigator', {});
  expect(await createSwapFile()).toEqual({ refusal: { kind: 'no files' } });
});

test('r2 a browser that refuses the file says why', async () => {
  const getDirectory = async () => {
    throw new DOMException('not in a private window', 'SecurityError');
  };
  vi.stubGlobal('navigator', { ...navigator, storage: { getDirectory } });
  expect(await createSwapFile()).toEqual({
    refusal: { kind: 'refused', said: 'SecurityError: not in a private window' },
  });
});
