// What a visit fetches stays within its budget: 200 kB of compressed JavaScript, and 300 kB of the engine
// (docs/page.md says what the engine's are for).

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { head, line, pageSizes, sum } from '../../scripts/lib/sizes.mjs';
import { useSite } from './harness.ts';
import { openScenario, withScript } from './page-kit.ts';

const site = useSite();
const sizes = pageSizes(resolve(import.meta.dirname, '../dist'));
const SCRIPT_BUDGET = 200_000;
const ENGINE_BUDGET = 300_000;

/** Visits with a scenario, and sees that of the engine it fetches this module alone. */
async function visit(kind: 'virtual' | 'threads', module: RegExp) {
  const blank = await site.open('runner.html');
  const fetched = new Set<string>();
  blank.context().on('request', (request) => {
    fetched.add(new URL(request.url()).pathname.split('/').at(-1) ?? '');
  });
  const scenario = withScript({ op: 'spawn', as: 'init', pages: 8 });
  await openScenario(site, { ...scenario, runtime: { kind } });
  const rows = sizes.filter(({ name }) => fetched.has(name));
  const script = sum(
    'JavaScript of the visit',
    rows.filter(({ name }) => name.endsWith('.js')),
  );
  const modules = rows.filter(({ name }) => name.endsWith('.wasm'));
  console.log([`\n${head}`, ...modules.map(line), line(script)].join('\n'));
  expect(script.brotli).toBeGreaterThan(10_000);
  expect(script.brotli).toBeLessThan(SCRIPT_BUDGET);
  expect(modules.map(({ name }) => name)).toEqual([expect.stringMatching(module)]);
  expect(modules[0]?.brotli).toBeGreaterThan(10_000);
  expect(modules[0]?.brotli).toBeLessThan(ENGINE_BUDGET);
}

test('w6 a visit that runs on virtual CPUs fetches the engine for them, within the budget', () =>
  visit('virtual', /^faultline_wasm_bg/));

test('w6 a visit that runs on threads fetches the engine for them, within the budget', () =>
  visit('threads', /^faultline_threads_bg/));
