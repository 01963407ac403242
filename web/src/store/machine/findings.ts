// Tells findings of audits in words, each once, with the cell that each is about.

import type { Failure } from '../../generated/types.d.ts';
import type { Finding } from '../../text/findings.ts';
import { text } from '../../text/text.ts';
import { selectFrame, selectPage, selectProcess } from '../page/selection.ts';
import { isAlive } from './grid-reader.ts';
import { observed } from './observation.ts';

/** As the engine says what an audit expects. */
const AUDIT = 'a clean audit';

export function isFinding({ expected }: Failure): boolean {
  return expected === AUDIT;
}

/** The name of a process by its index; of several that had it the one that lives. */
function nameOf(index: number): string {
  const rows = observed.processes.value.filter((row) => row.index === index);
  const row = rows.find(isAlive) ?? rows.at(-1);
  return row?.name ?? `process ${index}`;
}

/** The findings among these failures. Two audits that find the same thing find it once. */
export function findingsIn(failures: readonly Failure[]): Finding[] {
  const found = new Set(failures.filter(isFinding).map((failure) => failure.found));
  return [...found].map((said) => text.finding(said, nameOf));
}

/** Selects the page or the frame that a finding is about. */
export function showFinding({ subject }: Finding): void {
  if (subject?.of === 'page') {
    selectProcess(nameOf(subject.process));
    selectPage(subject.page);
  } else if (subject?.of === 'frame') {
    selectFrame(subject.frame);
  }
}
