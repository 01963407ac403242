// Does what somebody who has never seen the page wants to do first, as such a person would: by what is to be seen on it,
// by keys that are written beside the buttons, by touch. It asserts what was reached and in how many presses, never how
// long it took, and prints both.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { settled } from './page-kit.ts';

const newcomer = useSite({ firstVisit: true });
const visitor = useSite();
const phone = useSite({
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
});

const done: { task: string; presses: number; seconds: number }[] = [];

/** Counts what a hand does: a press of a key, a click, a touch, a choice, each once. */
class Hand {
  presses = 0;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async click(what: Locator): Promise<void> {
    this.presses++;
    await what.click();
  }

  async tap(what: Locator): Promise<void> {
    this.presses++;
    await what.tap();
  }

  async key(key: string): Promise<void> {
    this.presses++;
    await this.page.keyboard.press(key);
  }
}

/** A task of a newcomer, which is reached in so many presses at most. */
function task(
  name: string,
  most: number,
  open: () => Promise<Page>,
  body: (hand: Hand) => Promise<void>,
): void {
  test(`w1 a newcomer ${name}`, async () => {
    const hand = new Hand(await open());
    const begin = performance.now();
    await body(hand);
    const seconds = (performance.now() - begin) / 1000;
    done.push({ task: name, presses: hand.presses, seconds });
    expect(hand.presses, `presses to ${name}`).toBeLessThanOrEqual(most);
  });
}

afterAll(() => {
  const width = Math.max(...done.map(({ task: name }) => name.length));
  const lines = done.map(
    ({ task: name, presses, seconds }) =>
      `${name.padEnd(width)}  ${String(presses).padStart(7)}  ${seconds.toFixed(1).padStart(7)}`,
  );
  const head = `${'task'.padEnd(width)}  presses  seconds`;
  process.stdout.write(`\n${[head, ...lines].join('\n')}\n`);
});

async function shipped(name: string): Promise<string> {
  const path = resolve(import.meta.dirname, `../../scenarios/${name}.json`);
  const scenario = JSON.parse(await readFile(path, 'utf8')) as Scenario;
  return encode(JSON.stringify(scenario));
}

const opened = async (name: string, lines: number, place = `&lines=${lines}`): Promise<Page> => {
  const page = await visitor.open(`${await shipped(name)}${place}`);
  await settled(page, lines);
  return page;
};

const copyTravelled = (page: Page) =>
  page.locator('.flow .journeys[data-seen-copy="1"]').waitFor({ state: 'attached' });

task(
  'sees a copy happen',
  0,
  () => newcomer.open(),
  async ({ page }) => {
    await copyTravelled(page);
    await page.locator('[data-story="told"]').waitFor();
  },
);

task(
  'says who copied',
  0,
  () => newcomer.open(),
  async ({ page }) => {
    await copyTravelled(page);
    // The process that is selected, the line of the script and its sentence name it.
    expect(await page.locator('[data-process][aria-selected="true"]').textContent()).toMatch(
      /^child/,
    );
    await page.locator('[data-story="told"]').waitFor();
    expect(await page.locator('.line').nth(3).textContent()).toMatch(/child.*copied/);
  },
);

task(
  'finds why a page is on swap',
  2,
  () => opened('gallery/belady', 6),
  async (hand) => {
    const { page } = hand;
    // Page 1 was evicted for page 4: it is selected in the table, then it is asked.
    await hand.click(page.locator('[data-row="out"] td', { hasText: 'p1' }).getByRole('button'));
    await hand.key('y');
    const reasons = page.locator('.why-decisive');
    await reasons.waitFor();
    expect(await page.locator('.panel-inspector h2').textContent()).toBe('Page 1 of init');
    await expect.poll(() => reasons.textContent()).toMatch(/needed a frame.*mapped first/);
  },
);

task(
  'finds the victim of the next eviction',
  0,
  () => opened('gallery/belady', 5),
  async ({ page }) => {
    await expect
      .poll(() => page.locator('.queue figcaption').textContent())
      .toMatch(/^Next victim: f\d+ \(p1\)/);
  },
);

task(
  'shares what is on the page',
  2,
  () => opened('fork-write', 14),
  async (hand) => {
    const { page } = hand;
    await hand.click(page.getByRole('button', { name: 'Share' }).first());
    const field = page.locator('[data-dialog="share"] input[name="address"]');
    await expect.poll(() => field.inputValue()).toContain('#1.');
    const other = await visitor.open(new URL(await field.inputValue()).hash);
    await settled(other, 14);
  },
);

task(
  'opens a guided experiment',
  2,
  () => opened('fork-write', 14),
  async (hand) => {
    const { page } = hand;
    await hand.click(page.getByRole('button', { name: 'Presets' }).first());
    await hand.click(page.locator('[data-preset="who-copies"]'));
    await page.locator('[data-lesson]').waitFor();
    await page.locator('[data-question="open"]').waitFor();
  },
);

task(
  'takes back what was done, and does it again',
  3,
  () => opened('fork-write', 14),
  async (hand) => {
    const { page } = hand;
    await hand.click(page.getByRole('button', { name: 'Write' }).first());
    await settled(page, 15);
    await hand.click(page.getByRole('button', { name: 'Undo' }));
    await settled(page, 14);
    await hand.click(page.getByRole('button', { name: 'Redo' }));
    await settled(page, 15);
  },
);

task(
  'learns what a word means',
  1,
  () => opened('fork-write', 14),
  async (hand) => {
    await hand.click(hand.page.locator('[data-counter="copies"] .term').first());
    await expect
      .poll(() => hand.page.locator('[data-counter="copies"] .meaning').textContent())
      .toMatch(/\w{4}/);
  },
);

task(
  'sees a copy and who made it on a phone',
  3,
  async () => {
    const page = await phone.open(`${await shipped('first-visit')}&lines=3&page=5`);
    await settled(page, 3);
    return page;
  },
  async (hand) => {
    const { page } = hand;
    await hand.tap(page.locator('.playbar [data-command="play"]'));
    await copyTravelled(page);
    await settled(page, 5);
    expect(await page.locator('.line').nth(3).textContent()).toMatch(/child.*copied/);
    await hand.tap(page.locator('#pages'));
    await page.locator('[data-sheet="cell"]').waitFor();
    expect(await page.locator('[data-sheet="cell"] .sheet-words').textContent()).toMatch(/Page \d/);
  },
);

task(
  'forks, writes and sees the copy by keyboard alone',
  8,
  () => opened('fork-write', 1, '&lines=1'),
  async (hand) => {
    const { page } = hand;
    for (const [at, key] of ['w', 'f', 'w'].entries()) {
      await hand.key(key);
      await settled(page, at + 2);
    }
    await copyTravelled(page);
    await hand.key('y');
    await page.locator('.why-decisive').waitFor();
  },
);
