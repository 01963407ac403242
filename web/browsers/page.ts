// Reads and drives the page in a visitor's words. What is asked is run in the page, so it is made of nothing else here.

import type { Visitor } from './driver.ts';
import { eventually, until } from './driver.ts';

export const isIsolated = () => crossOriginIsolated;
/** Whether a service worker serves the page. */
export const isServed = () => navigator.serviceWorker?.controller?.state === 'activated';
/** What keeps the page from sharing memory, as its notice says; null if it says nothing. */
export const hindrance = () =>
  document.querySelector<HTMLElement>('[data-notice="not-shared"]')?.dataset.hindrance ?? null;
export const noticeWords = () =>
  document.querySelector('[data-notice="not-shared"]')?.textContent ?? '';
export const notices = () =>
  [...document.querySelectorAll<HTMLElement>('[data-notice]')].map(({ dataset }) => dataset.notice);
export const summary = () => document.querySelector('.summary')?.textContent ?? '';
export const storyState = () =>
  document.querySelector<HTMLElement>('[data-story]')?.dataset.story ?? '';
/** How many lines have run, once the machine is at rest; else -1. */
export const linesDone = () =>
  document.querySelector('[data-status="ready"]') === null
    ? -1
    : document.querySelectorAll('.line.done, .line.failed').length;
export const linesFailed = () => document.querySelectorAll('.line.failed').length;
export const ops = () =>
  [...document.querySelectorAll('.line-op')].map(({ textContent }) => textContent);
export const textOf = (selector: string) => document.querySelector(selector)?.textContent ?? '';
export const fieldOf = (selector: string) =>
  document.querySelector<HTMLInputElement>(selector)?.value ?? '';
export const isThere = (selector: string) => document.querySelector(selector) !== null;

/** Waits until the machine is at rest and this many lines of the script have run. */
export async function settled(visitor: Visitor, lines: number): Promise<void> {
  await until(visitor, linesDone, (done) => done === lines);
}

/** Opens the page at an address, where a first visit is over, and waits until its script has run. */
export async function openAt(visitor: Visitor, address: string, lines: number): Promise<void> {
  await visitor.open(address);
  await settled(visitor, lines);
}

export async function leaveDialog(visitor: Visitor): Promise<void> {
  await visitor.press('Escape');
  await until(visitor, isThere, (is) => !is, 'dialog[open]');
}

/** Opens a dialog by its key. While the machine is at work the page passes such keys over, so it is pressed again. */
export async function openDialog(visitor: Visitor, key: string, name: string): Promise<void> {
  const asks = 40;
  let left = 0;
  await eventually(async () => {
    if (await visitor.ask(isThere, `dialog[open][data-dialog="${name}"]`)) return true;
    if (left === 0) await visitor.press(key);
    left = left === 0 ? asks : left - 1;
    return undefined;
  });
}

/** The hash of the machine's whole state where the playhead is. */
export async function imageHash(visitor: Visitor): Promise<string> {
  await openDialog(visitor, ':', 'go-to');
  const hash = await until(
    visitor,
    textOf,
    (told) => /^[0-9a-f]{16}$/.test(told),
    '[data-hash="image"]',
  );
  await leaveDialog(visitor);
  return hash;
}

export interface Report {
  readonly ok: boolean;
  readonly state: string;
  readonly trace: string;
}

/** Runs what is left, audits, and reads the report. */
export async function reportOf(visitor: Visitor): Promise<Report> {
  await openDialog(visitor, 'c', 'report');
  await until(visitor, isThere, (is) => is, '[data-dialog="report"] .report');
  const report = await visitor.ask(() => {
    const element = document.querySelector<HTMLElement>('[data-dialog="report"] .report');
    const hash = (name: string) =>
      element?.querySelector(`[data-hash="${name}"]`)?.textContent?.trim() ?? '';
    return { ok: element?.dataset.ok === 'true', state: hash('state'), trace: hash('trace') };
  });
  await leaveDialog(visitor);
  return report;
}
