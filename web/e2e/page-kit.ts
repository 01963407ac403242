// Drives the page for its tests, in a visitor's words.

import type { Download, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Op, Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import type { Site } from './harness.ts';

export const classroom = {
  faultline: 1,
  title: 'A test',
  machine: { frames: 64, slots: 512, cpus: 2 },
  runtime: { kind: 'virtual', seed: 7 },
  script: [] as Op[],
} satisfies Scenario;

export function withScript(...script: Op[]): Scenario {
  return { ...classroom, script };
}

/** A fork, a write that copies, and an eviction. */
export const forkAndWrite = withScript(
  { op: 'spawn', as: 'init', pages: 64 },
  { op: 'write', process: 'init', page: 3, value: 7 },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 3, value: 8 },
  { op: 'evict', process: 'init', page: 3 },
);

/** A process and its thirty-nine children. */
export const fortyProcesses = withScript(
  { op: 'spawn', as: 'init', pages: 8 },
  ...Array.from({ length: 39 }, (_, at): Op => ({ op: 'fork', process: 'init', as: `w${at + 1}` })),
);

/** Opens a scenario by its link, and waits until its script has run. */
export async function openScenario(site: Site, scenario: Scenario): Promise<Page> {
  const page = await site.open(await encode(JSON.stringify(scenario)));
  await settled(page, scenario.script?.length ?? 0);
  return page;
}

/** Waits until this many lines have run and the machine is at rest. */
export async function settled(page: Page, lines: number): Promise<void> {
  await page.waitForFunction(
    (count) =>
      document.querySelector('[data-status="ready"]') !== null &&
      document.querySelectorAll('.line.done, .line.failed').length === count,
    lines,
  );
}

/** Opens a panel of the deck, if it is folded. */
export async function openPanel(page: Page, name: string): Promise<void> {
  const tab = page.locator(`[data-tab="${name}"]`);
  if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
}

/** A counter, once everything has been played that it counts. */
export async function counter(page: Page, name: string): Promise<number> {
  await page.locator('.flow[data-playing]').waitFor({ state: 'detached' });
  const words = await page.locator(`[data-counter="${name}"] .counter-value`).textContent();
  return Number(words?.replaceAll(',', ''));
}

/** The sentences that the script's lines tell. */
export function sentences(page: Page): Promise<string[]> {
  return page.locator('.line-sentence').allTextContents();
}

export function lines(page: Page): Promise<string[]> {
  return page
    .locator('.line')
    .evaluateAll((rows) =>
      rows.map((row) =>
        ['.line-op', '.line-detail'].map((part) => row.querySelector(part)?.textContent).join(' '),
      ),
    );
}

export async function press(page: Page, command: string): Promise<void> {
  await page.locator(`[data-command="${command}"]`).first().click();
}

/** Runs what is left, audits, and returns the hashes of the report. */
export async function reportOf(page: Page): Promise<{ ok: boolean; state: string; trace: string }> {
  await press(page, 'check');
  const report = page.locator('[data-dialog="report"] .report');
  await report.waitFor();
  const hash = async (name: string) => {
    const cell = report.locator(`[data-hash="${name}"]`);
    return (await cell.count()) === 0 ? '' : ((await cell.textContent()) ?? '');
  };
  return {
    ok: (await report.getAttribute('data-ok')) === 'true',
    state: await hash('state'),
    trace: await hash('trace'),
  };
}

/** A figure of where the playhead is. */
export async function figure(page: Page, name: 'event' | 'time'): Promise<string> {
  return (await page.locator(`[data-place="${name}"]`).textContent()) ?? '';
}

export async function eventOf(page: Page): Promise<number> {
  return Number((await figure(page, 'event')).replaceAll(',', ''));
}

/** The hash of the machine's whole state, as the page tells it. */
export async function hashOf(page: Page): Promise<string> {
  await page.keyboard.press(':');
  const hash = page.locator('[data-hash="image"]');
  await expect.poll(() => hash.textContent()).toMatch(/^[0-9a-f]{16}$/);
  const told = (await hash.textContent()) ?? '';
  await leaveDialog(page);
  return told;
}

/** Closes the dialog: until it is gone, keys are its own. */
export async function leaveDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/**
 * Lets the page draw so many frames, as many as it takes however slow the machine is: after that a test may say that
 * something has not happened. What has to happen is polled.
 */
export function frames(page: Page, count: number): Promise<void> {
  return page.evaluate(async (frames) => {
    for (let frame = 0; frame < frames; frame++) {
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
  }, count);
}

/** Counts the frames that the page asks for from now on: how many while so many others are drawn. */
export async function countFrames(page: Page): Promise<(others: number) => Promise<number>> {
  await page.evaluate(() => {
    const original = requestAnimationFrame;
    let asked = 0;
    globalThis.requestAnimationFrame = (callback) => {
      asked++;
      return original(callback);
    };
    Reflect.set(globalThis, 'framesAskedWhile', async (others: number) => {
      const before = asked;
      for (let frame = 0; frame < others; frame++) await new Promise((drawn) => original(drawn));
      return asked - before;
    });
  });
  return (others) =>
    page.evaluate((count) => Reflect.get(globalThis, 'framesAskedWhile')(count), others);
}

/** Drops a file on the page; its bytes come as text, which may have base64 of them. */
export function drop(page: Page, name: string, content: string | Buffer): Promise<void> {
  const given = typeof content === 'string' ? content : content.toString('base64');
  return page.evaluate(
    async ({ name, given, isText }) => {
      const bytes = isText
        ? given
        : Uint8Array.from(atob(given), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      );
    },
    { name, given, isText: typeof content === 'string' },
  );
}

/** What was saved. The browser is another program: its files are read through it. */
export async function savedBytes(download: Download): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return Buffer.concat(parts);
}
