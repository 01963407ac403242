// Measures the memory of the page with a large machine: what its process has written and has to itself,
// against that of an empty page.

import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serveBrowser } from './browser.mjs';
import { serveFolder } from './static-server.mjs';

/** What a process has written, and no other has, in MiB. @param {string} process */
function writtenMemory(process) {
  const rollup = readFileSync(`/proc/${process}/smaps_rollup`, 'utf8');
  return Number(/^Private_Dirty:\s+(\d+) kB$/m.exec(rollup)?.[1]) / 1024;
}

/** Whether a process is a renderer that this one has started, itself or by others. @param {string} process @param {number} browser */
function isRendererOf(process, browser) {
  if (!readFileSync(`/proc/${process}/cmdline`, 'utf8').includes('--type=renderer')) return false;
  let parent = Number(process);
  while (parent > 1 && parent !== browser) {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  return parent === browser;
}

/** The largest of a browser's renderers, in MiB: it keeps small ones in reserve. @param {number} browser */
function largestRenderer(browser) {
  const sizes = readdirSync('/proc').map((process) => {
    try {
      return /^\d+$/.test(process) && isRendererOf(process, browser) ? writtenMemory(process) : 0;
    } catch {
      // It has ended meanwhile.
      return 0;
    }
  });
  return Math.max(...sizes);
}

/**
 * @typedef {{frames: number, slots: number, processes: number, pages: number, written: boolean}} Size
 */

/** A process after the other is spawned, and each of its pages is written, or none. @param {Size} size */
function scenario({ frames, slots, processes, pages, written }) {
  const script = Array.from({ length: processes }, (_, index) => {
    const process = `p${index}`;
    const spawn = { op: 'spawn', as: process, pages };
    const run = { op: 'run', process, pattern: 'sequential', accesses: pages, writes: 1 };
    return written ? [spawn, run] : [spawn];
  }).flat();
  return {
    faultline: 1,
    title: 'A large machine',
    machine: { frames, slots, cpus: 4 },
    runtime: { kind: 'virtual', seed: 1 },
    script,
  };
}

/**
 * The memory of the page once the script has run, and of `about:blank` in the same browser, in MiB.
 * @param {Size} size
 * @param {string} dist the built page
 * @param {number} timeout milliseconds
 */
export async function pageMemory(size, dist, timeout) {
  const host = await serveFolder(dist);
  const server = await serveBrowser();
  const process = server.process().pid ?? 0;
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      serviceWorkers: 'block',
    });
    const page = await context.newPage();
    await page.goto('about:blank');
    const blank = largestRenderer(process);
    const { script, ...machine } = scenario(size);
    const text = JSON.stringify({ ...machine, script });
    await page.goto(`${host.address}#1.${deflateRawSync(text).toString('base64url')}`);
    await page.waitForFunction(
      (lines) =>
        document.querySelector('[data-status="ready"]') !== null &&
        document.querySelectorAll('.line.done').length === lines,
      script.length,
      { timeout },
    );
    // What the run has left behind is collected first.
    const session = await context.newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    return { page: largestRenderer(process), blank };
  } finally {
    await server.close();
    await host.close();
  }
}
