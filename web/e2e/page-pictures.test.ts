// Pictures of what a scenario replays: references by time and address, the working set, and reuse distances.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { useSite } from './harness.ts';
import { counter, forkAndWrite, openScenario, savedBytes, withScript } from './page-kit.ts';

const site = useSite();

const product = {
  ...withScript(
    { op: 'spawn', as: 'p', pages: 227 },
    { op: 'write', process: 'p', page: 0, value: 1 },
    { op: 'run', process: 'p', pattern: { trace: 'matrix-ikj' } },
  ),
  machine: { data_frames: 100, slots: 512, cpus: 1, reads: 'allocate' as const },
};

async function opened(page: Page) {
  await page.keyboard.press('Shift+A');
  const dialog = page.locator('[data-dialog="pictures"]');
  await dialog.locator('[data-picture="reuse"] canvas').waitFor();
  await dialog.locator('[data-picture="heat"] canvas').waitFor();
  return dialog;
}

/** How many pixels of a canvas are as bright as what it shows, and not as its ground. */
function marks(page: Page, picture: string): Promise<number> {
  return page.locator(`[data-picture="${picture}"] canvas`).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
    const { data } = context.getImageData(0, 0, width, height);
    const seen = new Set<number>();
    let drawn = 0;
    for (let at = 0; at < data.length; at += 4) {
      seen.add(data[at] as number);
      if ((data[at + 3] as number) > 0) drawn++;
    }
    return seen.size > 3 ? drawn : 0;
  });
}

test('s6 a trace has pictures, each with its numbers, and saves them', async () => {
  const page = await openScenario(site, product);
  const dialog = await opened(page);
  expect(await dialog.locator('.pictures-state').textContent()).toContain(
    'matrix-ikj: 19,860 references to 227 pages',
  );
  for (const picture of ['heat', 'sets', 'reuse']) {
    expect(await marks(page, picture), picture).toBeGreaterThan(100);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      dialog.locator(`[data-save-drawing="${picture}"]`).click(),
    ]);
    expect((await savedBytes(saved)).toString(), picture).toMatch(/^<svg .*matrix-ikj.*<\/svg>\n$/);
    await dialog.locator(`[data-picture="${picture}"] summary`).click();
  }
  const numbers = (picture: string) =>
    dialog
      .locator(`[data-picture="${picture}"] tbody td`)
      .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent.replaceAll(',', ''))));
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  // Each reference is in one stretch and one range of addresses.
  expect(sum(await numbers('heat'))).toBe(19_860);
  const reuse = await dialog
    .locator('[data-picture="reuse"] tbody td:nth-of-type(1)')
    .allTextContents();
  expect(sum(reuse.map((count) => Number(count.replaceAll(',', ''))))).toBe(19_860);
  expect(reuse.at(-1)).toBe('227');
  expect(await dialog.locator('[data-picture="sets"] tbody tr').count()).toBe(3);
});

test('s6 a part of the addresses is brushed, and the machine goes to a reference that is clicked', async () => {
  const page = await openScenario(site, product);
  const dialog = await opened(page);
  const shown = dialog.locator('[data-heat-shown]');
  expect(await shown.textContent()).toBe('References 0 to 19,859, 227 pages');
  const box = await dialog.locator('.heat-layer').boundingBox();
  if (box === null) throw new Error('the picture is not shown');
  const at = (x: number, y: number): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  await page.mouse.move(...at(0.3, 0.3));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.6), { steps: 4 });
  await page.mouse.up();
  await expect
    .poll(() => shown.textContent())
    .toMatch(/^References [5-9],\d{3} to \d+,\d{3}, (?!227)/);
  await dialog.locator('[data-heat="whole"]').click();
  await expect.poll(() => shown.textContent()).toBe('References 0 to 19,859, 227 pages');
  await dialog.locator('[data-heat="closer"]').click();
  await expect.poll(() => shown.textContent()).toMatch(/227 pages/);
  await dialog.locator('[data-heat="whole"]').click();

  await dialog.locator('summary').first().click();
  await dialog.locator('[data-reference="9930"]').click();
  // One write came before.
  const near = async () => Math.abs((await counter(page, 'accesses')) - 9931);
  await expect.poll(near).toBeLessThan(40);
  await page.keyboard.press('Escape');
  expect(await page.locator('.line.done').count()).toBe(2);

  const other = await openScenario(site, forkAndWrite);
  await other.keyboard.press('Shift+A');
  expect(await other.locator('dialog').count()).toBe(0);
});
