// W4: where the time goes: faults in parts, distributions, what locks cost and who waits; and panels that resize.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { frames, leaveDialog, openScenario, press, settled, withScript } from './page-kit.ts';

const site = useSite();

/** Eight CPUs that want the same few locks. */
const contention: Scenario = {
  ...withScript(
    { op: 'spawn', as: 'init', pages: 512 },
    {
      ...{ op: 'run', process: 'init', cpus: 8, pattern: 'uniform', accesses: 3000, writes: 0.5 },
    },
  ),
  machine: { frames: 256, slots: 1024, cpus: 8, pte_locks: { region: 64 }, early_release: false },
};

async function openMeasures(scenario: Scenario, opened = 'timing.locks'): Promise<Page> {
  const page = await site.open(`${await encode(JSON.stringify(scenario))}&opened=${opened}`);
  await settled(page, scenario.script?.length ?? 0);
  await toldOfTheEnd(page);
  return page;
}

/** What is long is told in its turn, a part in a frame: it has come to the end when it stays as it is through all turns. */
async function toldOfTheEnd(page: Page): Promise<void> {
  let before: string | undefined;
  const stays = async () => {
    await frames(page, 12);
    const now = await page.locator('.deck-panels').innerText();
    const same = now === before;
    before = now;
    return same;
  };
  await expect.poll(stays, { interval: 800 }).toBe(true);
}

function cells(page: Page, rows: string): Promise<string[][]> {
  return page
    .locator(rows)
    .evaluateAll((found) =>
      found.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')),
    );
}

test('w4 the selected fault is a stack of its parts, another by choosing it in the list', async () => {
  const page = await openMeasures(contention, 'faults.timing');
  const stack = page.locator('[data-fault-stack]');
  const latest = await stack.getAttribute('data-fault-stack');
  const shares = (await cells(page, '[data-part]')).map(([, , share]) =>
    Number.parseFloat(share?.replace('< ', '') ?? ''),
  );
  expect(shares.length).toBeGreaterThan(2);
  const sum = shares.reduce((all, share) => all + share, 0);
  expect(Math.abs(sum - 100)).toBeLessThan(3);
  expect(await page.locator('.parts-bar .part').count()).toBeGreaterThanOrEqual(shares.length);
  await page.locator('.fault').nth(3).click();
  await expect.poll(() => stack.getAttribute('data-fault-stack')).not.toBe(latest);
  expect(await page.locator('.fault').nth(3).getAttribute('aria-pressed')).toBe('true');
});

test('w4 the quantiles on the page are those of the engine’s report, in the time of the run', async () => {
  const page = await openMeasures(contention);
  const live = await cells(page, '[data-latency]:not(.nil)');
  expect(live.length).toBeGreaterThan(2);
  expect(await page.locator('.panel-timing .caption').textContent()).toMatch(
    /modelled nanoseconds/,
  );
  await page.locator('.latency-chart canvas').waitFor();
  await press(page, 'check');
  await page.locator('.report .latency').waitFor();
  const reported = await cells(page, '.report .latency tbody tr');
  expect(live.map(([, , ...quantiles]) => quantiles)).toEqual(
    reported.map((row) => row.slice(2, 5)),
  );
});

test('w4 on threads the times are measured by sample, and say so', async () => {
  const page = await openMeasures({
    ...contention,
    machine: { ...contention.machine, cpus: 2 },
    runtime: { kind: 'threads' },
    script: [
      { op: 'spawn', as: 'init', pages: 512 },
      { op: 'run', process: 'init', cpus: 2, pattern: 'uniform', accesses: 20000, writes: 0.5 },
    ],
  });
  for (const panel of ['timing', 'locks']) {
    expect(await page.locator(`.panel-${panel} .caption`).textContent()).toMatch(/sampled/);
  }
  expect((await cells(page, '[data-latency]:not(.nil)')).length).toBeGreaterThan(0);
});

test('w4 cache lines that travel stand beside the locks, dearest first, where the CPUs know them', async () => {
  const page = await openMeasures({
    ...contention,
    runtime: { kind: 'virtual', seed: 1, coherence: true },
  });
  const rows = await cells(page, '.line-costs [data-line]');
  const travelled = rows.map(([, count = '']) => Number(count.replaceAll(',', '')));
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.map(([name]) => name)).toContain('ptes');
  expect(Math.min(...travelled)).toBeGreaterThan(0);
  // A name is the engine's: what it is for opens beside it.
  const unsaid = page.locator('.line-costs th:not(:has(.term))');
  expect(await unsaid.allTextContents()).toEqual([]);
  await page.locator('[data-line="ptes"] .term').click();
  await page.getByText('Page-table entries, in the frames').waitFor();
  await page.keyboard.press('Escape');
  // The switch is on the dialog of the machine, and without it no line travels.
  await press(page, 'machine');
  const knows = page.locator('input[name="coherence"]');
  expect(await knows.isChecked()).toBe(true);
  await knows.uncheck();
  await page.locator('[data-dialog="machine"] [type="submit"]').click();
  await settled(page, 2);
  await toldOfTheEnd(page);
  expect(await page.locator('.line-costs').count()).toBe(0);
});

test('s2 a lock kind is chosen in the dialog of the machine: spinning moves more lines than a queue', async () => {
  const page = await openMeasures({
    ...contention,
    runtime: { kind: 'virtual', seed: 1, coherence: true },
  });
  const travelled = async () => {
    const rows = await cells(page, '.line-costs [data-line]');
    return rows.reduce((sum, [, count = '']) => sum + Number(count.replaceAll(',', '')), 0);
  };
  const ofQueue = await travelled();
  await press(page, 'machine');
  const kind = page.locator('select[name="lock_kind"]');
  expect(await kind.inputValue()).toBe('"queue"');
  await kind.selectOption('"spin"');
  await page.locator('[data-dialog="machine"] [type="submit"]').click();
  await settled(page, 2);
  await toldOfTheEnd(page);
  expect(await travelled()).toBeGreaterThan(ofQueue);
  await press(page, 'machine');
  expect(await kind.inputValue()).toBe('"spin"');
});

test('w4 what locks cost stands by class and by region, and a region leads to its pages', async () => {
  const page = await openMeasures(contention);
  const rows = await cells(page, '[data-lock]');
  expect(rows.map(([name]) => name)).toEqual([
    ...['Process', 'PTE region', 'PFN', 'Tree', 'List', 'Slots'],
  ]);
  const pte = rows[1]?.map((words) => Number(words.replaceAll(',', ''))) ?? [];
  expect(pte[1]).toBeGreaterThan(1000);
  expect(pte[2]).toBeGreaterThan(0);
  expect(pte[2]).toBeLessThan(pte[1] ?? 0);
  const regions = page.locator('[data-region]');
  expect(await regions.count()).toBe(8);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
  const heat = page.locator('.heat canvas');
  const greys = await heat.evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d');
    const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let [lit, coloured] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.slice(at, at + 3);
      if (Math.max(red, green, blue) > 120) lit++;
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 24) coloured++;
    }
    return { lit, coloured };
  });
  expect(greys.lit).toBeGreaterThan(100);
  expect(greys.coloured).toBe(0);
  const first = await regions.first().getAttribute('data-region');
  await regions.first().click();
  expect(await page.locator('input[name="page"]').inputValue()).toBe(first);
});

test('w4 while anyone waits, the graph says who waits for whom', async () => {
  const page = await openMeasures(contention);
  expect(await page.locator('[data-waits]').count()).toBe(0);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press('b');
  const dialog = page.locator('[data-dialog="breakpoints"]');
  await dialog.locator('select[name="kind"]').selectOption('lock');
  await dialog.locator('select[name="lock"]').selectOption('pte');
  await dialog.locator('button[type="submit"]').click();
  await leaveDialog(page);
  await page.locator('.speed select').selectOption({ label: 'At once' });
  await page.keyboard.press(' ');
  const graph = page.locator('[data-waits]');
  await graph.waitFor();
  const words = await graph.locator('text').allTextContents();
  expect(words.filter((word) => /^CPU \d$/.test(word)).length).toBeGreaterThanOrEqual(2);
  expect(words.some((word) => /^PTEs init \d+–\d+$/.test(word))).toBe(true);
});

test('w1 panels are resized by dragging and by keys, keep their size, and give it back', async () => {
  const page = await openScenario(site, contention);
  const width = () =>
    page.locator('.left').evaluate((side) => Math.round(side.getBoundingClientRect().width));
  const bar = page.locator('.divider-left');
  const usual = await width();
  const box = await bar.boundingBox();
  if (box === null) throw new Error('the separator has no place');
  // Where no other separator meets it.
  await page.mouse.move(box.x + 4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 64, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect.poll(width).toBe(usual + 60);
  await bar.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(width).toBe(usual + 44);
  expect(await bar.getAttribute('aria-valuenow')).toBe(String(usual + 44));
  // The deck begins at its separator: up makes it higher.
  const height = () =>
    page.locator('.deck').evaluate((deck) => Math.round(deck.getBoundingClientRect().height));
  const low = await height();
  await page.locator('.divider-deck').focus();
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(height).toBe(low + 96);
  await page.reload();
  await settled(page, contention.script?.length ?? 0);
  expect([await width(), await height()]).toEqual([usual + 44, low + 96]);
  await bar.dblclick();
  await expect.poll(width).toBe(usual);
});

test('w1 what is folded stays so, and the layout holds at every width with everything open', async () => {
  const page = await openMeasures(contention);
  await page.locator('.panel-swap .fold').click();
  await page.goto('about:blank');
  await page.goto(site.address() + (await encode(JSON.stringify(contention))));
  await settled(page, contention.script?.length ?? 0);
  expect(await page.locator('.panel-swap').getAttribute('class')).toContain('folded');
  expect(await page.locator('.panel-timing').getAttribute('class')).not.toContain('folded');
  for (const width of [390, 600, 980, 1280, 1920, 2560]) {
    await page.setViewportSize({ width, height: 900 });
    const outside = await page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - innerWidth;
      const lost = [...document.querySelectorAll('.panel')]
        .filter((panel) => {
          const { left, right, width: own } = panel.getBoundingClientRect();
          const grids = [...panel.querySelectorAll('.cells')];
          const flat = grids.some((grid) => grid.clientHeight < 12);
          return left < -1 || right > innerWidth + 1 || own < 40 || flat;
        })
        .map((panel) => panel.className);
      return { wide, lost };
    });
    expect(outside, `at ${width} px`).toEqual({ wide: 0, lost: [] });
    expect(await page.locator('.divider').first().isVisible()).toBe(width >= 640);
  }
});
