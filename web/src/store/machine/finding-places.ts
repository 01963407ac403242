// Finds in a finding of the audit what it speaks of: pages, frames and lines of the script, so that a reader is led
// there. The audit names processes by their index (`crate/engine/src/audit/invariants.rs`).

export type FindingPlace =
  | { readonly kind: 'page'; readonly process: number; readonly page: number }
  | { readonly kind: 'frame'; readonly frame: number };

interface Part {
  readonly words: string;
  readonly place?: FindingPlace;
}

const PLACE = /process (\d+) page (\d+)|\bframe (\d+)/g;

/** The finding in parts, those that name a place with it. */
export function partsOfFinding(finding: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of finding.matchAll(PLACE)) {
    const [words, process, page, frame] = found;
    if (found.index > end) parts.push({ words: finding.slice(end, found.index) });
    parts.push({
      words,
      place:
        frame === undefined
          ? { kind: 'page', process: Number(process), page: Number(page) }
          : { kind: 'frame', frame: Number(frame) },
    });
    end = found.index + words.length;
  }
  if (end < finding.length) parts.push({ words: finding.slice(end) });
  return parts;
}

/** The line of the script that a path of a report leads to, from 0. */
export function lineOfPath(path: string): number | undefined {
  const [, line] = /^\/script\/(\d+)/.exec(path) ?? [];
  return line === undefined ? undefined : Number(line);
}
