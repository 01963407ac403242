// W2: a run that takes long says how much of it is done, and can be stopped.

import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { counter, withScript } from './page-kit.ts';

const site = useSite();

const ACCESSES = 2_000_000_000;

const long = (kind: 'virtual' | 'threads'): Scenario => ({
  ...withScript(
    { op: 'spawn', as: 'init', pages: 256 },
    { op: 'run', process: 'init', pattern: 'uniform', accesses: ACCESSES, writes: 0.5 },
  ),
  runtime: { kind },
});

async function isToldAndStops(kind: 'virtual' | 'threads'): Promise<void> {
  const page = await site.open(await encode(JSON.stringify(long(kind))));
  const share = page.locator('[data-completion]');
  await share.waitFor();
  expect(await share.textContent()).toMatch(/%/);
  await expect.poll(() => counter(page, 'accesses'), { interval: 50 }).toBeGreaterThan(0);
  await page.locator('[data-command="stop"]').first().click();
  await page.locator('[data-status="ready"]').waitFor();
  expect(await share.count()).toBe(0);
  // It stands before its end: virtual CPUs where they have come to, threads before the line.
  expect(await counter(page, 'accesses')).toBeLessThan(ACCESSES);
}

test('w2 a long run on virtual CPUs says how much of it is done, and stops when told to', () =>
  isToldAndStops('virtual'));

test('w2 a long run on threads says how much of it is done, and stops when told to', () =>
  isToldAndStops('threads'));
