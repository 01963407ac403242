// W1: the room of the page: what is seen at once in each window, under zoom, and in each size of type.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import {
  drop,
  forkAndWrite,
  fortyProcesses,
  frames,
  openPanel,
  openScenario,
  overflow,
  settled,
  withScript,
} from './page-kit.ts';
import { panels, seen, sizeOf } from './seen.ts';

const site = useSite();
const desk = useSite({ browser: { viewport: { width: 1440, height: 900 } } });
const small = useSite({ browser: { viewport: { width: 1024, height: 768 } } });

const storm: Scenario = JSON.parse(
  readFileSync(new URL('../../scenarios/fork-storm.json', import.meta.url), 'utf8'),
);

test('w1 at 1440 x 900 all eight processes of the fork storm are seen, and every CPU', async () => {
  const page = await openScenario(desk, storm);
  await expect.poll(async () => (await seen(page, '.process')).length).toBe(8);
  expect(await page.locator('.cpu').count()).toBe(8);
  expect((await seen(page, '.cpu')).length).toBe(8);
});

test('w1 of forty processes the first are seen, the others by one press and by scrolling', async () => {
  const page = await openScenario(desk, {
    ...fortyProcesses,
    machine: { ...fortyProcesses.machine, frames: 256, cpus: 12 },
  });
  const rows = page.locator('.process');
  await expect.poll(() => rows.count()).toBe(11);
  const more = page.locator('.siblings-more');
  expect(await more.textContent()).toBe('29 more');
  await more.click();
  await expect.poll(() => rows.count()).toBe(40);
  await page.locator('[data-process="w39"]').scrollIntoViewIfNeeded();
  expect(await seen(page, '[data-process="w39"]')).toEqual(['w39']);
  await more.click();
  await expect.poll(() => rows.count()).toBe(11);
  // A family is closed by the pointer too, and opened again.
  await page.locator('[data-process="init"]').hover();
  await page.locator('[data-process="init"] .tree-toggle').click();
  await expect.poll(() => rows.count()).toBe(1);
  await page.locator('.process-hidden').click();
  await expect.poll(() => rows.count()).toBe(11);
  // The CPUs past the first few are one press away.
  expect(await page.locator('.cpu').count()).toBe(8);
  await page.locator('.cpus-more').click();
  await page.locator('[data-cpu="11"]').scrollIntoViewIfNeeded();
  expect((await seen(page, '[data-cpu="11"]')).length).toBe(1);
});

test('w1 the actions are a bar of one row, and the side has a divider', async () => {
  const page = await openScenario(desk, storm);
  expect((await sizeOf(page, '.panel-actions')).height).toBeLessThanOrEqual(44);
  const { width } = await sizeOf(page, '.left');
  await page.locator('.divider-left').focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect.poll(async () => (await sizeOf(page, '.left')).width).toBe(width + 96);
});

test('w1 at 1024 x 768 the tree has parent and child, beside the tables, the frames and the script', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 1024, height: 768 });
  await frames(page, 6);
  expect(await seen(page, '.process')).toEqual(['init', 'child']);
  expect(await panels(page)).toEqual(
    expect.arrayContaining(['processes', 'virtual', 'physical', 'swap', 'inspector', 'script']),
  );
  expect((await sizeOf(page, '.panel-actions')).height).toBeLessThanOrEqual(44);
});

test('a4 at 1024 x 768 the script shows the line done last under a lesson too', async () => {
  const page = await openScenario(small, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(4),
  });
  await frames(page, 6);
  await expect.poll(async () => (await seen(page, '.line.current')).length).toBe(1);
  expect((await sizeOf(page, '.script')).height).toBeGreaterThan(80);
});

test('a15 at 1024 x 768 the marks of the frames are whole under a lesson too', async () => {
  const page = await openScenario(small, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(4),
  });
  await frames(page, 6);
  const beyond = await page.locator('[data-panel="physical"]').evaluate((panel) => {
    const marks = panel.querySelector('.marks-legend')?.getBoundingClientRect().bottom ?? Infinity;
    return marks - panel.getBoundingClientRect().bottom;
  });
  expect(beyond).toBeLessThanOrEqual(0);
});

test('a32 on a telephone the title of the timeline is whole', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 390, height: 844 });
  await openPanel(page, 'tape');
  const title = page.locator('[data-panel="tape"] h2');
  await expect
    .poll(() => title.evaluate((head) => head.scrollWidth - head.clientWidth))
    .toBeLessThanOrEqual(0);
  expect(await overflow(page)).toBeLessThanOrEqual(0);
});

test('w1 at 1440 x 900 under a lesson and the notice of a refused file the swap lies over nothing', async () => {
  const page = await openScenario(desk, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(12),
  });
  await drop(page, 'photograph.png', Buffer.from([0x89, 0x50, 0xff, 0x00, 0xfe]));
  await page.locator('[data-notice="refused-trace"]').waitFor();
  const edges = () =>
    page.evaluate(() => {
      const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
      const swap = box('.panel-swap');
      return {
        overTransport: (swap?.bottom ?? 0) - (box('.deck')?.top ?? 0) > 1,
        belowWindow: document.documentElement.scrollHeight > innerHeight,
        isCut: (swap?.height ?? 0) < 40,
      };
    });
  await expect.poll(edges).toEqual({ overTransport: false, belowWindow: false, isCut: false });
  for (const selector of ['.scrub input', '[data-command="play"]', '.panel-swap h2']) {
    const isOnTop = await page.locator(selector).evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const found = document.elementFromPoint(left + width / 2, top + height / 2);
      return found !== null && (element.contains(found) || found.contains(element));
    });
    expect(isOnTop, selector).toBe(true);
  }
});

test('a15 at 1440 x 900 the marks of the frames are whole under a lesson too', async () => {
  const page = await openScenario(desk, {
    ...forkAndWrite,
    about: 'A process and its child share a page until one of them writes it. '.repeat(4),
  });
  await frames(page, 6);
  expect((await seen(page, '[data-panel="physical"] .marks-legend')).length).toBe(1);
});

test('w1 between, a cell that is chosen brings the inspector to the side', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.setViewportSize({ width: 768, height: 1024 });
  await frames(page, 6);
  await page.locator('#frames').click({ position: { x: 60, y: 14 } });
  await expect.poll(() => seen(page, '.side [data-panel]')).toEqual(['inspector']);
});

test('w1 three sizes of type are chosen, kept, and fit', async () => {
  const page = await openScenario(desk, storm);
  const smallest = () =>
    page.evaluate(() =>
      Math.min(
        ...[...document.querySelectorAll('#page *')]
          .filter((one) =>
            [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
          )
          .filter((one) => one.getBoundingClientRect().width > 1)
          .map((one) => Number.parseFloat(getComputedStyle(one).fontSize)),
      ),
    );
  const sizes = [await smallest()];
  for (const size of ['large', 'largest']) {
    await page.locator('[data-view="open"]').click();
    await page.locator(`input[name="type-size"][value="${size}"]`).check({ force: true });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('html').getAttribute('data-type')).toBe(size);
    sizes.push(await smallest());
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  }
  const [usual = 0, large = 0, largest = 0] = sizes;
  expect(usual).toBeGreaterThanOrEqual(9);
  expect(large).toBeGreaterThan(usual * 1.1);
  expect(largest).toBeGreaterThan(large * 1.1);
  await page.reload();
  await settled(page, storm.script?.length ?? 0);
  expect(await page.locator('html').getAttribute('data-type')).toBe('largest');
});

test('w1 the title of the actions is whole while there is no process', async () => {
  const page = await openScenario(desk, withScript());
  const title = page.locator('[data-panel="actions"] .fold');
  await expect
    .poll(() => title.evaluate((head) => head.scrollWidth - head.clientWidth))
    .toBeLessThanOrEqual(0);
  const box = (selector: string) => sizeOf(page, selector);
  expect((await box('[data-panel="actions"] h2')).width).toBeGreaterThanOrEqual(
    (await box('[data-panel="actions"] .fold')).width,
  );
});

test('w1 of a thousand slots and more, cells are seen, and those that several refer to say how many', async () => {
  const page = await openScenario(desk, storm);
  const { height } = await sizeOf(page, '#slots');
  expect(height).toBeGreaterThanOrEqual(40);
  const pitch = await page.locator('#slots').evaluate((grid: HTMLElement) => {
    const rows = Number(grid.getAttribute('aria-rowcount'));
    const room = grid.querySelector('.cells-room')?.getBoundingClientRect();
    return ((room?.height ?? 0) - 8) / rows;
  });
  expect(pitch).toBeGreaterThanOrEqual(5);
});

test('w1 what a newcomer needs is the loudest in the header; the audit is with the figures', async () => {
  const page = await openScenario(desk, forkAndWrite);
  expect(
    await page
      .locator('.top .button.primary')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-command'))),
  ).toEqual(['presets']);
  expect(await page.locator('.top [data-command="check"]').count()).toBe(0);
  expect((await seen(page, '.deck-tabs [data-command="check"]')).length).toBe(1);
});

test('w1 at 1024 px steps, place and status of the run are one row', async () => {
  const page = await openScenario(small, storm);
  const tops = () =>
    page.locator('.transport-row > *, .place > *').evaluateAll((parts) =>
      parts.map((part) => {
        const { top, height } = part.getBoundingClientRect();
        return Math.round(top + height / 2);
      }),
    );
  await expect
    .poll(async () => Math.max(...(await tops())) - Math.min(...(await tops())))
    .toBeLessThan(8);
});

test('w1 at 1440 x 900 all keys are seen at once', async () => {
  const page = await openScenario(desk, storm);
  await page.keyboard.press('?');
  const groups = page.locator('.keys-groups');
  expect(await groups.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThan(2);
});

test('w1 a caption that has no room ends in an ellipsis, and on a telephone in another line', async () => {
  const page = await openScenario(desk, {
    ...storm,
    machine: { ...storm.machine, policy: 'lru' },
  });
  await openPanel(page, 'replacement');
  /** Captions whose end is missing, and nothing says so. */
  const cut = () =>
    page.locator('.panel-head .caption').evaluateAll((captions) =>
      captions
        .filter((one) => {
          const { overflowX, textOverflow, whiteSpace, display } = getComputedStyle(one);
          const isTold =
            display === 'block' &&
            textOverflow === 'ellipsis' &&
            overflowX === 'hidden' &&
            whiteSpace === 'nowrap';
          const isCut =
            one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
          return isCut && !isTold;
        })
        .map((one) => one.textContent),
    );
  for (const width of [640, 980, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await frames(page, 6);
    await expect.poll(cut, { message: `at ${width} px` }).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  const short = () =>
    page
      .locator('.panel:not(.panel-inspector) > .panel-head :is(.caption, h2)')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent),
      );
  await expect.poll(short).toEqual([]);
  await expect.poll(cut).toEqual([]);
});

for (const [name, times] of [
  ['Belady’s lesson', 1],
  ['a lesson that has too much to say', 6],
] as const) {
  test(`w1 at 1440 x 900 under ${name} the inspector tells the word of a page and its fields, and the deck its panels`, async () => {
    const lesson: Scenario = JSON.parse(
      readFileSync(new URL('../../scenarios/gallery/belady.json', import.meta.url), 'utf8'),
    );
    const page = await openScenario(desk, { ...lesson, about: (lesson.about ?? '').repeat(times) });
    await openPanel(page, 'replacement');
    await frames(page, 6);
    expect((await sizeOf(page, '.panel-inspector')).height).toBeGreaterThanOrEqual(240);
    const fields = await page.locator('.panel-inspector .word-fields > *').count();
    expect(fields).toBeGreaterThan(5);
    expect(await seen(page, '.panel-inspector .word-fields > *')).toHaveLength(fields);
    expect((await sizeOf(page, '.panel-script')).height).toBeGreaterThanOrEqual(184);
    expect((await sizeOf(page, '.panel-replacement')).height).toBeGreaterThanOrEqual(100);
    // All that it asks is seen, and the rest by scrolling it.
    expect(await seen(page, '.lesson-question input')).toHaveLength(1);
    expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
  });
}

test('w1 the title of a folded bar of actions stays at its place', async () => {
  const page = await openScenario(desk, forkAndWrite);
  const title = page.locator('.panel-actions .fold');
  const { x } = (await title.boundingBox()) ?? { x: -1 };
  await title.click();
  await page.locator('.panel-actions.folded').waitFor();
  await expect.poll(async () => (await title.boundingBox())?.x).toBeCloseTo(x, 0);
});

test('w1 words have the room that they need', async () => {
  const page = await openScenario(
    desk,
    withScript(
      { op: 'spawn', as: 'a-process-whose-name-is-longer-than-most', pages: 64 },
      {
        op: 'together',
        scripts: [
          [{ op: 'write', process: 'a-process-whose-name-is-longer-than-most', page: 1, value: 1 }],
          [{ op: 'write', process: 'a-process-whose-name-is-longer-than-most', page: 2, value: 2 }],
        ],
      },
    ),
  );
  /** Elements whose words go beyond them, or beyond the panel or dialog that they stand in. */
  const outside = (selector: string) =>
    page.locator(selector).evaluateAll((all) =>
      all
        .filter((one) => {
          const { right } = one.getBoundingClientRect();
          const edge = one.closest('.panel, dialog')?.getBoundingClientRect().right ?? innerWidth;
          const style = getComputedStyle(one);
          const isEllipsis = style.textOverflow === 'ellipsis' && style.overflow !== 'visible';
          return (
            right > edge + 1 ||
            (one.scrollWidth > one.clientWidth + 1 && !isEllipsis && style.display !== 'inline')
          );
        })
        .map((one) => one.textContent),
    );
  for (const width of [1024, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await frames(page, 6);
    for (const selector of [
      '.line-op',
      '.counters dt',
      '.panel-head h2',
      '.panel-actions .button',
      '.fault .phases',
    ]) {
      expect(await outside(selector), `${selector} at ${width} px`).toEqual([]);
    }
    // The op and what it is done to stand apart, and so do the heads of the tree's columns.
    for (const [one, other] of [
      ['.line-op', '.line-op + .line-detail'],
      ['.tree-head span:first-child', '.tree-head span:last-child'],
    ] as const) {
      const gaps = await page.evaluate(
        ([first, second]) => {
          const rights = [...document.querySelectorAll(first)].map((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return range.getBoundingClientRect().right;
          });
          const lefts = [...document.querySelectorAll(second)].map((e) => {
            const range = document.createRange();
            range.selectNodeContents(e);
            return range.getBoundingClientRect().left;
          });
          return rights.map((right, at) => (lefts[at] ?? 0) - right);
        },
        [one, other] as const,
      );
      for (const gap of gaps) expect(gap, `${one} at ${width} px`).toBeGreaterThanOrEqual(3);
    }
  }
  await page.locator('[data-tab="faults"]').click();
  await page.locator('.fault .phases').first().waitFor();
  expect(await outside('.fault .phases')).toEqual([]);
  await page.keyboard.press('b');
  await page.locator('[data-dialog="breakpoints"] .offers .button').first().waitFor();
  expect(await outside('[data-dialog="breakpoints"] .offers .button')).toEqual([]);
});
