// Holds the traces that the visitor attached to this page, in the browser's database.

import { databaseShelf } from '../../share/trace-shelf.ts';
import type { AttachedTrace } from '../../types/attached-trace.ts';
import { shippedTraces } from './shipped-traces.ts';
import { TraceCollection } from './trace-collection.ts';

function database(): IDBFactory | undefined {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

/** How many bytes the browser still gives, as far as it says. */
async function room(): Promise<number> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? Number.POSITIVE_INFINITY : quota - usage;
}

const factory = database();

export const attachedTraces = new TraceCollection(
  factory === undefined ? undefined : databaseShelf<AttachedTrace>(factory),
  shippedTraces,
  room,
);
