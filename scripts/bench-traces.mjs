// `npm run --silent bench:traces` measures how long a person waits for a large trace: for the miss ratio curves of ten
// million references, natively and in Chromium, and for a lackey file of a million lines that is dropped on the page. A
// table on standard output; all else on standard error.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root, run } from './lib/command.mjs';
import { median } from './lib/figures.mjs';
import { lackeyTrace } from './lib/lackey-trace.mjs';
import { buildCommand } from './lib/native.mjs';
import { count, readOptions } from './lib/options.mjs';
import { waitFor } from './lib/patience.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

const usage = 'usage: npm run --silent bench:traces -- [--rounds N] [--json]';

/** The shipped trace `perl` so often is more than ten million references. */
const TIMES = 34;
const POLICIES = ['fifo', 'lru', 'clock', 'sieve', 's3-fifo', 'arc', 'opt'];
const SIZES = 20;

function manyReferences() {
  const text = gunzipSync(readFileSync(join(root, 'traces', 'perl.gz'))).toString();
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines.join('\n').repeat(TIMES);
}

/**
 * Drops a trace on the page. Returns the milliseconds until it is open and plays: to the first frame of the page with
 * events of its run.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {string} text
 */
const drop = (page, name, text) =>
  page.evaluate(
    async ({ name, text }) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name));
      const begin = performance.now();
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
      );
      for (;;) {
        await new Promise(requestAnimationFrame);
        const title = document.querySelector('.scenario-title')?.textContent ?? '';
        const event = document.querySelector('[data-place="event"]')?.textContent ?? '';
        if (title.startsWith('mine: ') && /[1-9]/.test(event)) return performance.now() - begin;
      }
    },
    { name, text },
  );

/**
 * Has the page count the curves of the trace that it shows. Returns the milliseconds until all are there.
 * @param {import('playwright-core').Page} page
 */
async function countCurves(page) {
  const begin = performance.now();
  await page.keyboard.press('Shift+C');
  await page.waitForFunction(
    (columns) => document.querySelectorAll('.curves-table thead th').length === columns,
    POLICIES.length + 1,
  );
  return performance.now() - begin;
}

commentOnStandardError();
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
await command(2, async () => {
  const { rounds: wish, json } = readOptions(usage, {
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  });
  const rounds = count(usage, 'rounds', wish, 999);
  await makeEngineReady();
  const program = await step('build the command', () => buildCommand('release'));
  const { serveFolder } = await import('./lib/static-server.mjs');
  const { launchBrowser } = await import('./lib/browser.mjs');
  const host = await serveFolder(join(root, 'web', 'dist'));
  const browser = await launchBrowser();
  const [text, lackey] = [manyReferences(), lackeyTrace(1_000_000)];
  const file = join(folder, 'many.trace');
  writeFileSync(file, text);
  const replay = ['replay', file, '--policies', POLICIES.join(','), '--json'];
  const natively = async () => {
    const begin = performance.now();
    await run(program, replay, { output: 'hide' });
    return performance.now() - begin;
  };
  /** @param {(page: import('playwright-core').Page) => Promise<number>} measure */
  const onPage = async (measure) => {
    const context = await browser.newContext();
    await context.addInitScript(() => localStorage.setItem('faultline.story', 'begun'));
    const page = await context.newPage();
    page.setDefaultTimeout(waitFor);
    await page.goto(host.address);
    await page.locator('[data-status="ready"]').waitFor();
    const time = await measure(page);
    await context.close();
    return time;
  };
  const inBrowser = () =>
    onPage(async (page) => {
      await drop(page, 'mine.trace', text);
      // The machine is not to play meanwhile.
      await page.locator('[data-command="play"]').first().click();
      return countCurves(page);
    });
  const dropped = () => onPage((page) => drop(page, 'mine.lackey', lackey));
  const references = (text.match(/\n/g)?.length ?? 0).toLocaleString('en-US');
  const curves = `curves of ${references} references, ${POLICIES.length} policies, ${SIZES} sizes`;
  const figures = [
    { what: `${curves}, natively`, atMost: 3, measure: natively },
    { what: `${curves} and four more, in Chromium`, atMost: 8, measure: inBrowser },
    { what: 'a lackey file of a million lines, dropped and playing', atMost: 3, measure: dropped },
  ].map((figure) => ({ ...figure, times: /** @type {number[]} */ ([]) }));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { measure, times } of figures) times.push((await measure()) / 1000);
    }
  } finally {
    await browser.close();
    await host.close();
  }
  if (json) {
    console.log(
      JSON.stringify(figures.map(({ what, atMost, times }) => ({ what, atMost, times }))),
    );
    return;
  }
  console.log('| what | s, median | most | at most |');
  console.log('|---|---:|---:|---:|');
  for (const { what, atMost, times } of figures) {
    const most = Math.max(...times).toFixed(2);
    console.log(`| ${what} | ${median(times).toFixed(2)} | ${most} | ${atMost} |`);
  }
});
rmSync(folder, { recursive: true, force: true });
