// A trace of the visitor's own: dropped or chosen, read by the reader in Rust, kept in the browser, and played; and files
// that are none.

import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { lackeyTrace as lackey } from '../../scripts/lib/lackey-trace.mjs';
import { encode } from '../src/share/codec.ts';
import { newProfile, skipStory, useSite } from './harness.ts';
import {
  counter,
  drop,
  eventOf,
  forkAndWrite,
  leaveDialog,
  lines,
  openScenario,
  press,
  settled,
  withScript,
} from './page-kit.ts';

const site = useSite();

const title = (page: Page) => page.locator('.scenario-title').textContent();
const about = (page: Page) => page.locator('.lesson-about').textContent();
const notice = (page: Page, name: string) => page.locator(`[data-notice="${name}"]`);

async function listed(page: Page): Promise<(string | null)[]> {
  await page.keyboard.press('Shift+O');
  await page.locator('[data-dialog="traces"]').waitFor();
  // What other tabs keep is read first.
  await page.waitForFunction(() =>
    document.querySelector('[data-dialog="traces"] :is([data-attached], .hint)'),
  );
  const names = await page
    .locator('[data-trace]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-trace')));
  await leaveDialog(page);
  return names;
}

test('r5 a lackey file of a million lines opens by dropping it, plays, is kept and is removed', async () => {
  const page = await openScenario(site, forkAndWrite);
  await drop(page, 'mine.lackey', lackey(1_000_000));
  await expect.poll(() => title(page)).toMatch(/^mine: 1,000,000 references to \d+ pages$/);
  expect(await about(page)).toMatch(/mine\.lackey \(format lackey\).* 333,333 writes among them/);
  // It plays by itself.
  await expect.poll(() => eventOf(page)).toBeGreaterThan(50);
  await press(page, 'end');
  await settled(page, 2);
  expect(await page.locator('.line.failed').count()).toBe(0);
  expect(await counter(page, 'accesses')).toBe(1_000_000);
  expect(await counter(page, 'hard')).toBeGreaterThan(0);
  const [faults, before] = [await counter(page, 'faults'), await lines(page)];

  await page.reload();
  await settled(page, 2);
  expect(await lines(page)).toEqual(before);
  expect(await counter(page, 'faults')).toBe(faults);
  expect(await listed(page)).toEqual(['mine']);

  await page.keyboard.press('Shift+O');
  await page.locator('[data-trace-remove]').click();
  await page.locator('[data-trace]').waitFor({ state: 'detached' });
  await leaveDialog(page);
  await page.reload();
  await notice(page, 'missing-trace').waitFor();
});

test('r5 the same file dropped twice is one trace, and a trace of the list opens again', async () => {
  const page = await openScenario(site, forkAndWrite);
  for (const name of ['twice.lackey', 'copy.lackey.gz']) {
    const text = lackey(5000);
    await drop(page, name, name.endsWith('.gz') ? gzipSync(text) : text);
    await expect.poll(() => title(page)).toMatch(/^twice: 5,000 references/);
    await notice(page, 'reading-trace').waitFor({ state: 'detached' });
  }
  expect(await listed(page)).toEqual(['twice']);
  await press(page, 'presets');
  await page.locator('[data-preset="fork-write"]').click();
  await expect.poll(() => title(page)).not.toMatch(/^twice/);
  await press(page, 'presets');
  await page.locator('[data-traces]').click();
  await page.locator('[data-trace="twice"] [data-trace-open]').click();
  await expect.poll(() => title(page)).toMatch(/^twice/);
  // Another page runs it by its name, on a machine that was built without it.
  const other = await openScenario(site, withScript({ op: 'spawn', as: 'p', pages: 600 }));
  await other.keyboard.press('g');
  await other.locator('[data-dialog="run"] select[name="pattern"]').selectOption('trace');
  await other.locator('[data-dialog="run"] select[name="trace"]').selectOption('twice');
  await other.locator('[data-dialog="run"] button[type="submit"]').click();
  await settled(other, 2);
  expect(await counter(other, 'accesses')).toBe(5000);
});

const noise = Buffer.from(
  Array.from({ length: 100_000 }, (_, at) => (at * at * 31 + at * 7) & 0xff),
);

for (const [name, file, content, words] of [
  ['noise', 'noise.bin', noise, /begins with bytes that are no text.*legal: faultline, lackey/],
  ['prose', 'prose.txt', 'once upon a time\n', /Line 1: "once upon a time", no trace of a known/],
  ['a line of ten megabytes', 'long.txt', '7'.repeat(10 << 20), /no end of a line/],
  ['packed zeros', 'zeros.gz', gzipSync(Buffer.alloc(50 << 20)), /begins with bytes that are no/],
  ['gzip that is cut in its head', 'cut.gz', gzipSync(lackey(10)).subarray(0, 7), /no reference/],
  ['nothing', 'empty.txt', '', /no reference/],
] as const) {
  test(`r5 a dropped file of ${name} is refused in a sentence, and the scenario stays`, async () => {
    const page = await openScenario(site, forkAndWrite);
    const before = [await lines(page), await counter(page, 'accesses'), page.url()];
    await drop(page, file, content);
    const refused = notice(page, 'refused-trace');
    await refused.waitFor();
    expect(await refused.locator('h2').textContent()).toBe(`${file} cannot be opened as a trace`);
    expect(await refused.textContent()).toMatch(words);
    await refused.locator('[data-dismiss]').click();
    await refused.waitFor({ state: 'detached' });
    expect([await lines(page), await counter(page, 'accesses'), page.url()]).toEqual(before);
    expect(await page.locator('[data-status="ready"]').count()).toBe(1);
    expect(await listed(page)).toEqual([]);
  });
}

test('r5 what is cut is read up to there, and what is no line is passed over: the page says both', async () => {
  const page = await openScenario(site, forkAndWrite);
  const packed = gzipSync(`${lackey(9000)}${'8'.repeat(100_000)}\n${lackey(90_000)}`);
  await drop(page, 'cut.gz', packed.subarray(0, packed.length / 2));
  await expect.poll(() => title(page)).toMatch(/^cut: \d+,\d+ references/);
  const words = await about(page);
  expect(words).toMatch(/the gzip data ends too early: it is cut, and was read up to line \d+/);
  expect(words).toMatch(/1 line was passed over; the first: line 9002: "8{40}" is longer than/);
});

test('r5 reading is stopped, and the scenario stays', async () => {
  const page = await openScenario(site, forkAndWrite);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.context().route(/faultline_traces_bg.*\.wasm/, async (route) => {
    await released;
    await route.continue().catch(() => undefined);
  });
  await drop(page, 'slow.lackey', lackey(5000));
  const reading = notice(page, 'reading-trace');
  await reading.waitFor();
  expect(await reading.textContent()).toContain('Reading slow.lackey');
  await reading.getByRole('button').click();
  await reading.waitFor({ state: 'detached' });
  release();
  expect(await lines(page)).toHaveLength(5);
  expect(await listed(page)).toEqual([]);
});

test('r5 of two files that are refused one after the other the latest alone is told', async () => {
  const page = await openScenario(site, forkAndWrite);
  await drop(page, 'photograph.png', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  await notice(page, 'refused-trace').waitFor();
  expect(await notice(page, 'refused-trace').textContent()).not.toContain('\\u{');
  await drop(page, 'small.json', '{"faultline": 1, "machine": {"frames": 4}}');
  await notice(page, 'problem').waitFor();
  expect(await notice(page, 'problem').textContent()).toContain('8 to 1,048,576');
  await expect.poll(() => notice(page, 'refused-trace').count()).toBe(0);
  await drop(page, 'photograph.png', Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  await notice(page, 'refused-trace').waitFor();
  await expect.poll(() => notice(page, 'problem').count()).toBe(0);
});

test('r5 a link that names a trace which is not there says so, and runs with its file', async () => {
  const replay = withScript(
    { op: 'spawn', as: 'theirs', pages: 700 },
    { op: 'run', process: 'theirs', pattern: { trace: 'theirs' } },
  );
  const page = await site.open(await encode(JSON.stringify(replay)));
  const missing = notice(page, 'missing-trace');
  await missing.waitFor();
  expect(await missing.textContent()).toContain('The trace theirs is not here');
  await drop(page, 'prose.txt', 'once upon a time\n');
  await notice(page, 'refused-trace').locator('[data-dismiss]').click();
  await page.locator('[data-file="missing-trace"]').setInputFiles({
    ...{ name: 'whatever.txt', mimeType: 'text/plain', buffer: Buffer.from(lackey(4000)) },
  });
  await settled(page, 2);
  expect(await missing.count()).toBe(0);
  expect(await counter(page, 'accesses')).toBe(4000);
  expect(await listed(page)).toEqual(['theirs']);
  // It is there for the next tab too.
  const other = await site.open(await encode(JSON.stringify(replay)));
  await settled(other, 2);
  await press(other, 'share');
  expect(await other.locator('[data-note="trace"]').textContent()).toContain('theirs');
});

test('r5 a short trace travels in its link', async () => {
  const page = await openScenario(site, forkAndWrite);
  await drop(page, 'short.txt', '7\n0\n1w\n2\n0\n3\n0\n4\n');
  await expect.poll(() => title(page)).toMatch(/^short: 8 references to 8 pages/);
  await press(page, 'end');
  await settled(page, 2);
  await press(page, 'share');
  expect(await page.locator('[data-note="trace"]').count()).toBe(0);
  const address = page.locator('input[name="address"]');
  await expect.poll(() => address.inputValue()).toContain('#1.');
  const [told, faults] = [await address.inputValue(), await counter(page, 'faults')];
  const profile = await newProfile();
  try {
    await profile.addInitScript(skipStory);
    const elsewhere = await profile.newPage();
    await elsewhere.goto(told);
    await settled(elsewhere, 2);
    expect(await counter(elsewhere, 'accesses')).toBe(8);
    expect(await counter(elsewhere, 'faults')).toBe(faults);
  } finally {
    await profile.close();
  }
});

test('r5 a trace of more pages than a process has is sampled on request, and its words say so', async () => {
  const page = await openScenario(site, forkAndWrite);
  const pages = Array.from({ length: 300_000 }, (_, at) => `0x${(at * 4096).toString(16)}\n`);
  await drop(page, 'wide.txt', pages.join(''));
  const large = notice(page, 'large-trace');
  await large.waitFor();
  expect(await large.textContent()).toMatch(/300,000 references to 300,000 pages.*at most 262,144/);
  expect(await lines(page)).toHaveLength(5);
  await large.locator('[data-sample]').click();
  await expect.poll(() => title(page)).toMatch(/^wide-1in2: .*, a sample of 1 page in 2$/);
  expect(await about(page)).toContain('of 300,000 references to 300,000 pages');
  expect(await listed(page)).toEqual(['wide-1in2']);
});

test('r5 a trace that the browser has no room for plays as long as the tab lasts', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.evaluate(() => {
    navigator.storage.estimate = async () => ({ quota: 10_000, usage: 2000 });
  });
  await drop(page, 'heavy.lackey', lackey(5000));
  const unkept = notice(page, 'unkept-trace');
  await unkept.waitFor();
  expect(await unkept.textContent()).toMatch(/no room to keep the trace heavy, \d+ kB/);
  await expect.poll(() => title(page)).toMatch(/^heavy: 5,000/);
  await press(page, 'end');
  await settled(page, 2);
  expect(await counter(page, 'accesses')).toBe(5000);
  await unkept.locator('[data-sample]').click();
  await expect.poll(() => title(page)).toMatch(/^heavy-1in\d+: /);
  await press(page, 'end');
  await settled(page, 2);
  await page.reload();
  await settled(page, 2);
  expect(await title(page)).toMatch(/^heavy-1in\d+: /);
  expect(await listed(page)).toEqual([expect.stringMatching(/^heavy-1in\d+$/)]);
});

test('r5 a recorded program opens from the list with half of its pages in frames', async () => {
  const page = await openScenario(site, forkAndWrite);
  await page.keyboard.press('Shift+O');
  await page.locator('[data-program="matrix-ikj"] [data-program-open]').click();
  await expect.poll(() => title(page)).toBe('matrix-ikj: 19,860 references to 227 pages');
  expect(await about(page)).toContain('./matrix ikj');
  await press(page, 'end');
  await settled(page, 2);
  expect(await page.locator('.line.failed').count()).toBe(0);
  expect(await counter(page, 'accesses')).toBe(19_860);
  expect(await counter(page, 'hard')).toBeGreaterThan(0);
});

test('r5 a file that is not recognised is read as the visitor says: its format, and the columns of csv', async () => {
  const page = await openScenario(site, forkAndWrite);
  const rows = Array.from({ length: 3000 }, (_, at) => `${at};${(at * at) % 40};${at % 2}`);
  await drop(page, 'mine.csv', `moment;thing;stored\n${rows.join('\n')}\n`);
  const refused = notice(page, 'refused-trace');
  await refused.waitFor();
  const before = await lines(page);
  expect(await refused.locator('[name="format"]').inputValue()).toBe('csv');
  await refused.locator('[name="column-object"]').fill('nothing');
  await refused.locator('[data-format-read]').click();
  await refused.locator('[name="column-object"]').waitFor();
  expect(await lines(page)).toEqual(before);
  await refused.locator('[name="column-object"]').fill('thing');
  await refused.locator('[name="column-write"]').fill('3');
  await refused.locator('[data-format-read]').click();
  await expect.poll(() => title(page)).toMatch(/^mine: 3,000 references to \d+ pages$/);
  expect(await about(page)).toMatch(/format csv.*1,500 writes/);
});
