// Knows which modules workers wait for while they are being built, which happens on the page of `npm start` alone.

import type { Build } from './module.ts';

/** What is built by itself: a build of the engine, or the reader of traces. */
export type Awaited = Build | 'traces';

const awaited = new Map<object, Awaited>();
let onAwaited: (first: Awaited | undefined) => void = () => undefined;

/** Tells from now on which module is waited for. */
export function hearAwaited(listener: (first: Awaited | undefined) => void): void {
  onAwaited = listener;
}

/** Notes which module a worker waits for, or that it waits no longer. */
export function noteAwaited(worker: object, module: Awaited | undefined): void {
  if (module === undefined) awaited.delete(worker);
  else awaited.set(worker, module);
  const [first] = awaited.values();
  onAwaited(first);
}
