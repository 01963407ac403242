// Keeps drafts in the browser's storage: each tab writes an entry of its own, so that two tabs never write over each
// other, and the latest few of all tabs can be found again. Pure but for the storage it is given.

/** As much of `Storage` as is used. */
export interface Shelf {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Draft {
  /** The tab that it was built in. */
  readonly tab: string;
  /** The scenario's text. */
  readonly text: string;
  /** The fragment of the address that it was begun from: a reload there comes back to it. */
  readonly address: string;
  /** When it was kept: milliseconds since 1970. */
  readonly at: number;
}

const PREFIX = 'faultline.work.';
/** How the first version kept the one scenario it knew. */
const EARLIER = 'faultline.draft';
const MOST = 8;

function draftIn(tab: string, value: string | null): Draft | undefined {
  try {
    const { text, address, at } = JSON.parse(value ?? '') as Partial<Draft>;
    if (typeof text !== 'string' || typeof address !== 'string' || typeof at !== 'number') {
      return undefined;
    }
    return { tab, text, address, at };
  } catch {
    // Another's words, or half a write: it is left where it is, and is not in the way.
    return undefined;
  }
}

/** All drafts, the latest first. */
export function draftsOn(shelf: Shelf): Draft[] {
  const drafts: Draft[] = [];
  for (let index = 0; index < shelf.length; index++) {
    const key = shelf.key(index);
    if (key?.startsWith(PREFIX) !== true) continue;
    const draft = draftIn(key.slice(PREFIX.length), shelf.getItem(key));
    if (draft !== undefined) drafts.push(draft);
  }
  const earlier = shelf.getItem(EARLIER);
  if (earlier !== null) drafts.push({ tab: '', text: earlier, address: '', at: 0 });
  return drafts.sort((a, b) => b.at - a.at);
}

export function draftOf(shelf: Shelf, tab: string): Draft | undefined {
  return draftIn(tab, shelf.getItem(PREFIX + tab));
}

/**
 * Keeps a draft; false if there is no room for it whatever else is given up. Only drafts of other tabs are
 * given up, the oldest first, and a draft that does not fit leaves the one before it as it was.
 */
export function putDraft(shelf: Shelf, draft: Draft): boolean {
  const { tab, ...rest } = draft;
  const value = JSON.stringify(rest);
  const others = draftsOn(shelf).filter((other) => other.tab !== tab);
  for (const old of others.slice(MOST - 1)) drop(shelf, old);
  const leaving = others.slice(0, MOST - 1);
  for (;;) {
    try {
      shelf.setItem(PREFIX + tab, value);
      return true;
    } catch {
      const oldest = leaving.pop();
      if (oldest === undefined) return false;
      drop(shelf, oldest);
    }
  }
}

function drop(shelf: Shelf, { tab }: Draft): void {
  shelf.removeItem(tab === '' ? EARLIER : PREFIX + tab);
}
