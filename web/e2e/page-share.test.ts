// W5: the scenario in the address, opened anywhere to the same state; and links that are broken.

import { expect, test } from 'vitest';
import { encode } from '../src/share/codec.ts';
import { newProfile, useSite } from './harness.ts';
import {
  classroom,
  counter,
  leaveDialog,
  lines,
  openScenario,
  reportOf,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const story = withScript(
  { op: 'spawn', as: 'init', pages: 256 },
  {
    op: 'run',
    process: 'init',
    cpus: 2,
    pattern: { zipf: 0.9 },
    accesses: 4000,
    writes: 0.4,
    seed: 3,
  },
  { op: 'fork', process: 'init', as: 'child' },
  { op: 'write', process: 'child', page: 3, value: 9 },
  { op: 'evict', process: 'init', page: 3 },
);

test('w5 a shared link opens in a fresh profile to the same state, and the same events', async () => {
  const page = await openScenario(site, story);
  await page.keyboard.press('w');
  await settled(page, 6);
  const done = await lines(page);
  await page.keyboard.press('l');
  const field = page.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#1.');
  const address = await field.inputValue();
  expect(page.url()).toBe(address);
  expect(address.length).toBeLessThan(2000);
  await leaveDialog(page);
  const first = await reportOf(page);
  expect(first).toMatchObject({ ok: true, state: expect.stringMatching(/^[0-9a-f]{16}/) });

  const fresh = await newProfile();
  const other = await fresh.newPage();
  await other.goto(address);
  await settled(other, 6);
  expect(await lines(other)).toEqual(done);
  expect(await reportOf(other)).toEqual(first);
  await fresh.close();
});

test('w5 an address changed in the tab is opened', async () => {
  const page = await openScenario(site, classroom);
  const fragment = await encode(JSON.stringify(story));
  await page.evaluate((next) => {
    location.hash = next;
  }, fragment);
  await settled(page, 5);
});

const cut = async () => {
  const whole = await encode(JSON.stringify(story));
  return whole.slice(0, whole.length / 2);
};

for (const [name, fragment, fault, words] of [
  ['cut in half', cut, 'damaged', /cut short/],
  ['of another version', async () => '#2.q1ZKSyzN', 'unknown-version', /newer Faultline/],
  ['garbage', async () => '#what-is-this', 'not-a-link', /not a Faultline scenario/],
  ['a decompression bomb', () => encode(' '.repeat(5 << 20)), 'too-large', /more than 4 MB/],
] as const) {
  test(`w5 a link that is ${name} says so, and nothing runs`, async () => {
    const page = await site.open(await fragment());
    const notice = page.locator('[data-notice="broken-link"]');
    await notice.waitFor();
    expect(await notice.getAttribute('data-fault')).toBe(fault);
    expect(await notice.textContent()).toMatch(words);
    expect(await notice.textContent()).toMatch(/Nothing was run/);
    expect(await page.locator('[data-status]').getAttribute('data-status')).toBe('closed');
    await notice.getByRole('button', { name: 'Empty machine' }).click();
    await settled(page, 0);
  });
}

for (const [name, text, path, where, legal] of [
  [
    'an impossible value',
    '{"faultline":1,"machine":{"frames":3}}',
    '/machine/frames',
    'Machine: Frames',
    /8/,
  ],
  ['an unknown key', '{"faultline":1,"machin":{}}', '/machin', 'machin', /^Did you mean machine\?/],
  ['a newer format', '{"faultline":2}', '/faultline', 'Format version', /1/],
  ['no JSON', 'hello', '', 'Line 1 of the text, column 1', /JSON/],
] as const) {
  test(`w5 a link with ${name} tells where, what and what is legal, and nothing runs`, async () => {
    const page = await site.open(await encode(text));
    const notice = page.locator('[data-notice="problem"]');
    await notice.waitFor();
    const facts = await notice.locator('dd').allTextContents();
    expect(await notice.locator('[data-path]').getAttribute('data-path')).toBe(path);
    expect(facts[0]).toBe(where);
    expect(facts[2]).toMatch(legal);
    expect(await page.locator('[data-status]').getAttribute('data-status')).toBe('closed');
  });
}

test('the edit dialog refuses what cannot run, and keeps the text', async () => {
  const page = await openScenario(site, classroom);
  await page.keyboard.press('j');
  const dialog = page.locator('[data-dialog="edit"]');
  await dialog.locator('textarea').fill('{"faultline":1,"machine":{"cpus":0}}');
  await dialog.locator('button[type="submit"]').click();
  await dialog.locator('[data-notice="problem"]').waitFor();
  expect(await dialog.locator('dd').first().textContent()).toBe('Machine: CPUs');
  await dialog.locator('textarea').fill(JSON.stringify(story));
  await dialog.locator('button[type="submit"]').click();
  await settled(page, 5);
});

test('a preset replaces the scenario, and one’s own work is a press away', async () => {
  const page = await openScenario(site, withScript({ op: 'spawn', as: 'mine', pages: 8 }));
  await page.keyboard.press('w');
  await settled(page, 2);
  await page.keyboard.press('o');
  await page.locator('[data-preset="fork-write"]').click();
  await expect.poll(() => page.locator('.scenario-title').textContent()).toMatch(/Fork/);
  await expect.poll(() => page.locator('.line').count()).toBe(14);
  await settled(page, 0);
  await page.keyboard.press('o');
  await page.locator('[data-preset="draft"]').click();
  await settled(page, 2);
  expect(await lines(page)).toEqual(['spawn mine, 8 pages', 'write mine · page 0 = 1']);
});

test('s1 a rung of the ladder opens on either side', async () => {
  const page = await openScenario(site, classroom);
  const examined: number[] = [];
  for (const side of [0, 1]) {
    await page.keyboard.press('o');
    await page
      .locator('[data-rung="slot-finder"] button:not([data-rung-compare])')
      .nth(side)
      .click();
    await expect
      .poll(() => page.locator('.scenario-title').textContent())
      .toMatch([/: scan$/, /: bitmap$/][side] ?? '');
    await settled(page, 3);
    expect(await page.locator('.line.failed').count()).toBe(0);
    examined.push(await counter(page, 'slots_examined'));
  }
  const [scan = 0, bitmap = 0] = examined;
  expect(scan).toBeGreaterThan(5 * bitmap);
});

test('a24 who comes again and brings nothing is shown the easiest scenario, at its beginning', async () => {
  const page = await site.open();
  await expect.poll(() => page.locator('.scenario-title').textContent()).toMatch(/^Fork, write/);
  await settled(page, 0);
  expect(await page.locator('[data-question="open"]').isVisible()).toBe(true);
});

test('a real program runs from its trace, and all it expects holds', async () => {
  const page = await openScenario(site, classroom);
  await page.keyboard.press('o');
  await page.locator('[data-preset="real-program"]').click();
  await expect.poll(() => page.locator('.scenario-title').textContent()).toMatch(/real program/);
  await page.locator('.line').first().waitFor();
  await settled(page, await page.locator('.line').count());
  expect(await page.locator('.line.failed').count()).toBe(0);
  expect((await reportOf(page)).ok).toBe(true);
});
