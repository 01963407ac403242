// Says whether the page may share memory with its workers, and if not, what stands in the way.

/**
 * What keeps a page from sharing memory: plain http from another computer; a browser that isolates the page and has no
 * shared memory all the same, as WebKitGTK does; or a host that does not isolate the page.
 */
export type Hindrance = 'insecure' | 'browser' | 'host';

interface World {
  readonly isSecureContext?: boolean;
  readonly crossOriginIsolated?: boolean;
  readonly SharedArrayBuffer?: unknown;
}

export function hindranceIn(world: World): Hindrance | undefined {
  if (world.isSecureContext === false) return 'insecure';
  if (world.crossOriginIsolated !== true) return 'host';
  return typeof world.SharedArrayBuffer === 'function' ? undefined : 'browser';
}

export const hindrance = hindranceIn(globalThis);

/** Without shared memory there are no threads, and the page reads copies. */
export const canShare: boolean = hindrance === undefined;
