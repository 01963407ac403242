// One scenario and seed, one run everywhere: a thousand random scenarios, natively and in Chromium, half of them on
// CPUs that know cache lines.

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { development } from '../../scripts/lib/development.mjs';
import { useSite } from './harness.ts';

const site = useSite();
const root = resolve(import.meta.dirname, '../..');
const COUNT = 1000;
/** Scenarios that one call into the page runs. */
const CHUNK = 100;

interface Native {
  scenario: string;
  ok: boolean;
  trace_hash: string;
  state_hash: string;
}

let natives: Native[] = [];

beforeAll(async () => {
  const options = development('random-scenarios');
  const program = ['run', '-q', ...options, '--', 'random-scenarios', `${COUNT}`];
  const output = await new Promise<string>((done, fail) => {
    const child = spawn('cargo', program, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', fail);
    child.on('close', (status) => (status === 0 ? done(text) : fail(new Error(`${status}`))));
  });
  natives = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
});

test('r2 a thousand random scenarios have the trace in Chromium that they have natively', async () => {
  const page = await site.open('runner.html');
  expect(natives.length).toBe(COUNT);
  const knowLines = natives.filter(({ scenario }) => JSON.parse(scenario).runtime.coherence);
  expect(knowLines.length).toBe(COUNT / 2);
  for (let first = 0; first < COUNT; first += CHUNK) {
    const chunk = natives.slice(first, first + CHUNK);
    const texts = chunk.map(({ scenario }) => scenario);
    const found = await page.evaluate(async (given) => {
      const runs = [];
      for (const text of given) runs.push(await faultlineRunner.runVirtual(text));
      return runs.map(({ ok, trace_hash, state_hash }) => ({ ok, trace_hash, state_hash }));
    }, texts);
    for (const [index, native] of chunk.entries()) {
      const { scenario, ...expected } = native;
      expect(found[index], scenario).toEqual(expected);
    }
  }
});
