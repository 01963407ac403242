// The first visit: a story that plays by itself and hands over the slider.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import lengths from '../src/generated/run-lengths.json' with { type: 'json' };
import { useSite } from './harness.ts';
import { eventOf, forkAndWrite, frames, hashOf, lines, openScenario, settled } from './page-kit.ts';

const site = useSite({ firstVisit: true });
const calm = useSite({ firstVisit: true, browser: { reducedMotion: 'reduce' } });

const told = JSON.parse(
  readFileSync(new URL('../../scenarios/first-visit.json', import.meta.url), 'utf8'),
);

/** Events of the line that has run before the story is told. */
const [SPAWNED = 0] = lengths['first-visit'];

const sentence = (page: Page) => page.locator('.story-sentence').textContent();
const title = (page: Page) => page.locator('.scenario-title').textContent();

/** A visitor to whom the story is being told: it has begun to move. */
async function arrive(): Promise<Page> {
  const page = await site.open();
  await page.locator('[data-story="playing"]').waitFor();
  await expect.poll(() => eventOf(page)).toBeGreaterThan(SPAWNED + 2);
  return page;
}

/** The run has come to rest where it is, in the middle. */
async function stands(page: Page): Promise<void> {
  await page.locator('[data-status="ready"]').waitFor();
  const event = await eventOf(page);
  await frames(page, 42);
  expect(await eventOf(page)).toBe(event);
}

test('w3 a first visit is told of a fork and a write by the engine, and holds the slider then', async () => {
  const page = await site.open('?embed=1');
  // Each sentence is written down by the page itself, however seldom it is asked.
  await page.addInitScript(() => {
    const said: string[] = [];
    Reflect.set(globalThis, 'said', said);
    new MutationObserver(() => {
      const words = document.querySelector('.story-sentence')?.textContent ?? '';
      if (words !== '' && words !== said.at(-1)) said.push(words);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(site.address());
  await page.locator('[data-story="playing"]').waitFor();
  await expect.poll(() => page.locator('.speed select').inputValue()).toBe('25');
  await page.locator('[data-story="told"]').waitFor();
  const all: string[] = await page.evaluate(() => Reflect.get(globalThis, 'said'));
  expect(all.length).toBe(8);
  expect(all[0]).toMatch(/^The kernel has started a process/);
  expect(all[4]).toMatch(/^Parent and child share frame \d+\./);
  expect(all[6]).toMatch(/^Only now the kernel copies the page: the child has frame \d+ /);
  // Each says who acts.
  for (const words of all) expect(words).toMatch(/kernel|CPU|parent/);
  // Each in its turn, and as the run has it: frames are those that the machine gave.
  const [shared, own] = [all[4], all[6]].map((words) => /frame (\d+)/.exec(words ?? '')?.[1]);
  expect(own).not.toBe(shared);
  expect(all[7]).toContain(`frame ${shared} `);
  await settled(page, 5);
  expect(await page.locator('[data-next]').count()).toBe(3);
  expect(await page.evaluate(() => document.activeElement?.matches('[data-next="try"]'))).toBe(
    true,
  );
  expect(await page.locator('.speed select').inputValue()).toBe('500');
  // It is an ordinary run: whoever opens its scenario stands in the same state.
  const hash = await hashOf(page);
  const other = await openScenario(site, told);
  expect(await hashOf(other)).toBe(hash);
  // The slider tells backwards too.
  await page.bringToFront();
  await page.locator('.scrub input').focus();
  await page.keyboard.press('Home');
  await expect.poll(() => sentence(page)).toBe(all[0]);
  expect(await page.locator('[data-next]').count()).toBe(0);
});

test('a9 a process is there as soon as the story begins, and no hint asks for what it does', async () => {
  const page = await site.open('?embed=1');
  await page.addInitScript(() => {
    const hints: string[] = [];
    Reflect.set(globalThis, 'seen', hints);
    new MutationObserver(() => {
      for (const hint of document.querySelectorAll('.panel .hint')) {
        if (hint.textContent && !hints.includes(hint.textContent)) hints.push(hint.textContent);
      }
    }).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await page.goto(site.address());
  await page.locator('[data-story="playing"] .story-sentence').waitFor();
  await page.locator('[data-process="parent"]').first().waitFor();
  expect(await eventOf(page)).toBeGreaterThanOrEqual(SPAWNED);
  await page.locator('[data-story="told"]').waitFor();
  const hints: string[] = await page.evaluate(() => Reflect.get(globalThis, 'seen'));
  for (const hint of hints) expect(hint).not.toMatch(/Spawn|No process|No fault|Select a process/);
});

test('a10 no grid is ever shown stretched, not even while the page takes its shape', async () => {
  const page = await site.open('?embed=1');
  await page.addInitScript(() => {
    const worst = { stretch: 0, seen: 0 };
    Reflect.set(globalThis, 'worst', worst);
    const look = () => {
      for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.cells-window canvas')) {
        // A canvas that nothing was painted on yet has the size that it was born with, and shows nothing.
        if (canvas.width === 300 && canvas.height === 150) continue;
        const { width, height } = canvas.getBoundingClientRect();
        const by = (shown: number, drawn: number) => Math.abs(shown * devicePixelRatio - drawn);
        worst.seen++;
        worst.stretch = Math.max(worst.stretch, by(width, canvas.width), by(height, canvas.height));
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(site.address());
  await page.locator('[data-story="playing"]').waitFor();
  for (const width of [1440, 1000, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await frames(page, 4);
  }
  const worst = () => page.evaluate(() => Reflect.get(globalThis, 'worst'));
  await expect.poll(async () => (await worst()).seen).toBeGreaterThan(10);
  expect((await worst()).stretch).toBeLessThanOrEqual(1);
});

for (const [next, title, story] of [
  ['try', /^A fork and a write$/, true],
  ['guided', /who copies$/, false],
  ['real', /^A real program/, false],
] as const) {
  test(`a9 the story ends in a choice: ${next}`, async () => {
    const page = await calm.open();
    await page.locator('[data-story="told"]').waitFor();
    await page.locator(`[data-next="${next}"]`).click();
    await expect.poll(() => page.locator('.scenario-title').textContent()).toMatch(title);
    expect(await page.locator('[data-next]').count()).toBe(0);
    expect(await page.locator('.story-hint').count()).toBe(story ? 1 : 0);
    if (next === 'guided') await page.locator('[data-question="open"]').waitFor();
    if (next === 'real') await expect.poll(() => eventOf(page)).toBeGreaterThan(1000);
  });
}

test('w3 a key interrupts the story and does what it does, and the story is not told again', async () => {
  const page = await arrive();
  await page.keyboard.press('s');
  await expect.poll(async () => (await lines(page)).length).toBe(6);
  await page.locator('[data-status="ready"]').waitFor();
  expect((await lines(page)).filter((line) => line.startsWith('spawn'))).toHaveLength(2);
  expect(await page.locator('.story').count()).toBe(0);
  const again = await site.open();
  await again.locator('[data-status="ready"]').waitFor();
  expect(await title(again)).not.toBe(told.title);
  expect(await again.locator('.story').count()).toBe(0);
});

for (const [how, pause] of [
  ['Space', (page: Page) => page.keyboard.press(' ')],
  ['the pause button', (page: Page) => page.locator('[data-command="play"]').click()],
  ['a click on nothing', (page: Page) => page.locator('.brand').click()],
] as const) {
  test(`w3 ${how} stops the story where it is`, async () => {
    const page = await arrive();
    await pause(page);
    await page.locator('[data-story="open"]').waitFor();
    await stands(page);
    expect(await page.locator('.speed select').inputValue()).toBe('500');
  });
}

test('w3 the story is told again by its key, and from the palette', async () => {
  const page = await openScenario(site, forkAndWrite);
  expect(await page.locator('.story').count()).toBe(0);
  await page.keyboard.press('h');
  await page.locator('[data-story="playing"]').waitFor();
  await page.keyboard.press('Control+k');
  await page.locator('[data-story="open"]').waitFor();
  await page.locator('[data-dialog="palette"] input').fill('story');
  await page.keyboard.press('Enter');
  await page.locator('[data-story="playing"]').waitFor();
  await expect.poll(() => eventOf(page)).toBeGreaterThan(0);
});

test('w3 where motion is to be reduced nothing plays by itself', async () => {
  const page = await calm.open();
  await page.locator('[data-story="told"]').waitFor();
  await settled(page, 5);
  expect(await page.locator('[data-next]').count()).toBe(3);
  const last = await sentence(page);
  await page.keyboard.press(',');
  await expect.poll(() => sentence(page)).not.toBe(last);
});

test('w3 a browser that keeps nothing is told the story too', async () => {
  const page = await site.open('?embed=1');
  await page.context().addInitScript(() => {
    for (const kind of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, kind, {
        get() {
          throw new DOMException('storage is refused', 'SecurityError');
        },
      });
    }
  });
  await page.goto(site.address());
  await page.locator('[data-story="playing"]').waitFor();
  await expect.poll(() => eventOf(page)).toBeGreaterThan(0);
});

test('w3 who comes by a link, or sees the page in a frame, is shown what was linked', async () => {
  const page = await openScenario(site, forkAndWrite);
  expect(await title(page)).toBe(forkAndWrite.title);
  expect(await page.locator('.story').count()).toBe(0);
  const framed = await site.open('?embed=1');
  await framed.locator('[data-status="ready"]').waitFor();
  expect(await framed.locator('.story').count()).toBe(0);
});
