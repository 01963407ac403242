// W4: the run as a timeline for Perfetto, from the page and from the command, byte by byte what the native command
// writes of the same scenario.

import { spawn } from 'node:child_process';
import { linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCommand } from '../../scripts/lib/native.mjs';
import { scenarioCommand } from '../../scripts/lib/scenario-command.mjs';
import type { Scenario } from '../src/generated/types.d.ts';
import { theBrowser, useSite } from './harness.ts';
import { openScenario, savedBytes, withScript } from './page-kit.ts';

const site = useSite();
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Far more events than a ring holds, with pages that go to swap and come back, and a name to be escaped. */
const storm: Scenario = {
  ...withScript(
    { op: 'spawn', as: 'a "quoted" ☂', pages: 128 },
    {
      op: 'run',
      process: 'a "quoted" ☂',
      cpus: 2,
      pattern: { zipf: 0.8 },
      accesses: 60_000,
      writes: 0.5,
      seed: 3,
    },
    { op: 'fork', process: 'a "quoted" ☂', as: 'child' },
    { op: 'write', process: 'child', page: 3, value: 9 },
    { op: 'read', process: 'nobody', page: 0, fails: 'no-such-process' },
    { op: 'kill', process: 'child' },
  ),
  title: 'A storm',
};

function run(
  program: string,
  parameters: string[],
): Promise<{ status: number | null; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, parameters, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', fail);
    child.on('close', (status) => done({ status, stderr }));
  });
}

const inBrowser = (...parameters: string[]) =>
  scenarioCommand(parameters, { standardInput: () => '', browser: theBrowser });

const file = join(folder, 'storm.json');
let native = '';

beforeAll(async () => {
  writeFileSync(file, JSON.stringify(storm));
  const out = join(folder, 'native.json');
  const call = ['run', file, '--chrome-trace', out];
  expect(await run(await buildCommand('dev'), call)).toMatchObject({ status: 0 });
  native = readFileSync(out, 'utf8');
});

test('w4 a run saved from the page is the timeline that the native command writes', async () => {
  const page = await openScenario(site, storm);
  const stand = await page.locator('.line.done').count();
  await page.keyboard.press('l');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-share="trace"]').click(),
  ]);
  expect(download.suggestedFilename()).toBe('a-storm.trace.json');
  const saved = (await savedBytes(download)).toString();
  expect(saved.length).toBeGreaterThan(10_000_000);
  expect(saved === native, 'the same bytes').toBe(true);
  const { traceEvents, otherData } = JSON.parse(saved);
  expect(otherData.lost_events).toBe('0');
  expect(traceEvents.filter(({ ph }: { ph: string }) => ph === 'B').length).toBeGreaterThan(10_000);
  expect(await page.locator('.line.done').count()).toBe(stand);
});

test('w4 a timeline that takes too long is given up, and the page stands as it was', async () => {
  const long = withScript(
    { op: 'spawn', as: 'init', pages: 8 },
    { op: 'run', process: 'init', cpus: 1, pattern: 'uniform', accesses: 3_000_000, writes: 0.5 },
  );
  const page = await openScenario(site, long);
  await page.keyboard.press('l');
  const button = page.locator('[data-share="trace"]');
  const words = await button.textContent();
  await button.click();
  const state = page.locator('.trace-state');
  await expect.poll(() => state.textContent()).toMatch(/^Line \d of 2/);
  await button.click();
  await expect.poll(() => state.textContent()).toBe('');
  expect(await button.textContent()).toBe(words);
  expect(await page.locator('.line.done').count()).toBe(2);
});

test('w4 the command in the browser writes the timeline that the native one writes', async () => {
  const out = join(folder, 'browser.json');
  const call = ['scripts/scenario.mjs', file, '--chrome-trace', out];
  expect(await run('node', call)).toMatchObject({ status: 0 });
  expect(readFileSync(out, 'utf8') === native, 'the same bytes').toBe(true);
});

test('w4 a run on threads is written too, and says what it lost', async () => {
  const out = join(folder, 'threads.json');
  const call = [file, '--runtime', 'threads', '--chrome-trace', out];
  expect(await inBrowser(...call)).toMatchObject({ status: 0 });
  const { traceEvents, otherData } = JSON.parse(readFileSync(out, 'utf8'));
  expect(Number(otherData.lost_events)).toBeGreaterThanOrEqual(0);
  const lanes = new Set(traceEvents.map(({ tid }: { tid?: number }) => tid));
  expect(lanes.size).toBeGreaterThan(4);
});

test('r5 the command in the browser does not write over what it reads', async () => {
  const link = join(folder, 'link.json');
  linkSync(file, link);
  for (const out of [file, link]) {
    const { status, stderr } = await inBrowser(file, '--chrome-trace', out);
    expect(stderr).toContain('is the scenario itself');
    expect(status).toBe(2);
  }
  expect(readFileSync(file, 'utf8')).toBe(JSON.stringify(storm));
});

test('a timeline that cannot be written is the call’s mistake', async () => {
  const { status, stderr } = await inBrowser(file, '--chrome-trace', join(folder, 'no', 'where'));
  expect(status).toBe(2);
  expect(stderr).toContain('--chrome-trace');
});
