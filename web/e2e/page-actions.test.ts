// W1 and W2: everything a visitor does to processes and pages, by pointer and by keyboard.

import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { useSite } from './harness.ts';
import {
  classroom,
  counter,
  countFrames,
  frames,
  lines,
  openScenario,
  press,
  reportOf,
  sentences,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const everyAction = ['spawn', 'write', 'read', 'fork', 'evict', 'sleep', 'wake', 'kill'] as const;

test('w1 every action by pointer becomes a line of the script', async () => {
  const page = await openScenario(site, classroom);
  for (const [done, action] of everyAction.entries()) {
    await press(page, action);
    await settled(page, done + 1);
  }
  expect(await lines(page)).toEqual([
    'spawn init, 64 pages',
    'write init · page 0 = 1',
    'read init · page 0',
    'fork init → child',
    'evict init · page 0',
    'sleep init',
    'wake init',
    'kill init',
  ]);
  expect(
    await page
      .locator('[data-process]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-process'))),
  ).toEqual(['child']);
});

test('w1 every action by keyboard becomes a line of the script', async () => {
  const page = await openScenario(site, classroom);
  for (const [done, key] of ['s', 'w', 'r', 'f', 'e', 'z', 'a', 'k'].entries()) {
    await page.keyboard.press(key);
    await settled(page, done + 1);
  }
  expect((await lines(page)).map((line) => line.split(' ')[0])).toEqual([...everyAction]);
});

test('w1 fork and write: one copy, told in a sentence, and the sharers part', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 64 },
      { op: 'write', process: 'init', page: 3, value: 42 },
      { op: 'fork', process: 'init', as: 'child' },
    ),
  );
  await page.locator('[data-process="init"]').click();
  // The script's last write is what is looked at.
  const cell = page.locator('#pages-cell');
  await expect.poll(() => cell.textContent()).toMatch(/^Page 3: shared, copy on write, frame \d+$/);
  const shared = await cell.textContent();
  expect(await page.locator('.panel-inspector .chip').allTextContents()).toEqual(['init', 'child']);

  await page.keyboard.press('w');
  await settled(page, 4);
  await expect.poll(() => counter(page, 'copies')).toBe(1);
  expect((await sentences(page)).at(-1)).toMatch(/copied/);
  await expect.poll(() => cell.textContent()).toMatch(/^Page 3: dirty, frame \d+$/);
  expect(await cell.textContent()).not.toBe(shared);
  expect(await page.locator('.panel-inspector .chip').allTextContents()).toEqual(['init']);
  expect(await page.locator('.word-field.changed').allTextContents()).toEqual(
    expect.arrayContaining([expect.stringMatching(/writable.*0 → 1/)]),
  );
});

test('w1 an action that is refused stands in the script as what it was', async () => {
  const page = await openScenario(
    site,
    withScript({ op: 'spawn', as: 'init', pages: 8 }, { op: 'sleep', process: 'init' }),
  );
  await page.keyboard.press('w');
  await settled(page, 3);
  expect((await sentences(page)).at(-1)).toMatch(/Refused: the process is not running/);
  await page.keyboard.press('j');
  expect(await page.locator('textarea').inputValue()).toContain('"fails": "not-running"');
});

for (const kind of ['virtual', 'threads'] as const) {
  test(`w1 an action that is refused beside others stands in the script as what it was, ${kind}`, async () => {
    const page = await openScenario(site, {
      ...withScript(
        { op: 'spawn', as: 'init', pages: 8 },
        { op: 'fork', process: 'init', as: 'child' },
        { op: 'sleep', process: 'child' },
      ),
      runtime: { kind },
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('together write init 1 = 2; write child 1 = 3 & read init 9; settle');
    await page.keyboard.press('Enter');
    await settled(page, 4);
    expect(await page.locator('.line.failed').count()).toBe(0);
    await page.keyboard.press('j');
    const { script }: Scenario = JSON.parse(await page.locator('textarea').inputValue());
    expect(script?.at(-1)).toEqual({
      op: 'together',
      scripts: [
        [
          { op: 'write', process: 'init', page: 1, value: 2 },
          { op: 'write', process: 'child', page: 1, value: 3, fails: 'not-running' },
        ],
        [{ op: 'read', process: 'init', page: 9, fails: 'out-of-range' }, { op: 'settle' }],
      ],
    });
    // What the script says is what every run of it comes to.
    const again = await openScenario(site, withScript(...(script ?? [])));
    expect(await reportOf(again)).toMatchObject({ ok: true });
  });
}

test('w2 a page is chosen by pointer, by key and by number', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 64 }));
  const cell = page.locator('#pages-cell');
  await page.locator('#pages').click({ position: { x: 70, y: 12 } });
  const pointed = Number(/\d+/.exec((await cell.textContent()) ?? '')?.[0]);
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => cell.textContent()).toMatch(new RegExp(`^Page ${pointed + 1}:`));
  await page.locator('input[name="page"]').fill('63');
  await expect.poll(() => cell.textContent()).toMatch(/^Page 63: zero$/);
});

test('w2 what the visitor looks at stays in sight through an action that touches no page', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 64 },
      { op: 'write', process: 'init', page: 3, value: 1 },
    ),
  );
  const cell = page.locator('#pages-cell');
  await page.locator('input[name="page"]').fill('20');
  await page.locator('input[name="page"]').press('Enter');
  await page.keyboard.press('f');
  await settled(page, 3);
  expect(await cell.textContent()).toMatch(/^Page 20:/);
});

test('w2 a workload runs from its dialog, and the counters count it', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 64 }));
  await page.keyboard.press('g');
  await page.locator('[data-dialog="run"] select[name="pattern"]').selectOption('uniform');
  await page.locator('[data-dialog="run"] input[name="accesses"]').fill('5000');
  await page.locator('[data-dialog="run"] button[type="submit"]').click();
  await settled(page, 2);
  await expect.poll(() => counter(page, 'accesses')).toBe(5000);
  expect((await lines(page)).at(-1)).toBe('run init, uniform, 5,000 accesses, 2 CPUs');
});

test('the script goes back, forward and to any line, and a line can be taken out', async () => {
  const page = await openScenario(
    site,
    withScript(
      { op: 'spawn', as: 'init', pages: 8 },
      { op: 'write', process: 'init', page: 0, value: 1 },
      { op: 'write', process: 'init', page: 1, value: 2 },
    ),
  );
  await page.keyboard.press(',');
  await settled(page, 2);
  await expect.poll(() => counter(page, 'demand_zero')).toBe(1);
  await page.keyboard.press('.');
  await settled(page, 3);
  await expect.poll(() => counter(page, 'demand_zero')).toBe(2);
  await page.keyboard.press('0');
  await settled(page, 0);
  await page.keyboard.press(' ');
  await settled(page, 3);
  await page.keyboard.press('Backspace');
  await settled(page, 2);
  expect(await lines(page)).toEqual(['spawn init, 8 pages', 'write init · page 0 = 1']);
});

test('? lists the keys, Escape closes, and a dialog keeps the keys to itself', async () => {
  const page = await openScenario(site, classroom);
  await page.keyboard.press('?');
  const dialog = page.locator('[data-dialog="keys"]');
  await dialog.waitFor();
  expect(await dialog.locator('.key').count()).toBeGreaterThan(20);
  await page.keyboard.press('s');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await lines(page)).toEqual([]);
});

test('a key that comes at once after a dialog has closed is heard', async () => {
  const page = await openScenario(site, classroom);
  for (const [key, name] of [
    ['?', 'keys'],
    ['l', 'share'],
    ['l', 'share'],
  ] as const) {
    // In one go: the browser tells the page only afterwards that the dialog has closed.
    await page.evaluate((key) => {
      document.querySelector<HTMLDialogElement>('dialog[open]')?.close();
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }, key);
    await page.locator(`dialog[open][data-dialog="${name}"]`).waitFor();
  }
  // What was told of the first has closed nothing.
  await frames(page, 4);
  expect(await page.locator('dialog[open]').count()).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('dialog').count()).toBe(0);
});

test('a still machine draws no frames', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'init', pages: 64 }));
  const asked = await countFrames(page);
  // What was begun is drawn to its end.
  await expect.poll(() => asked(90)).toBe(0);
  expect(await asked(60)).toBe(0);
});
