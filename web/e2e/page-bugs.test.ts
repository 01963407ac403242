// B: a scenario that switches bugs on runs on the teaching build, and the page says so.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { expectErrors, useSite } from './harness.ts';
import { openScenario, reportOf, settled } from './page-kit.ts';

const site = useSite();
const phone = useSite({
  browser: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
});

function bugScenario(name: string): Scenario {
  const file = resolve(import.meta.dirname, '../../scenarios/bugs', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

test('b a scenario with a bug opens, says that it is on, and is caught', async () => {
  const scenario = bugScenario('dirty-not-folded');
  const page = await openScenario(site, scenario);
  const notice = page.locator('[data-notice="bugs"]');
  expect(await notice.textContent()).toMatch(/unmapping loses the dirty bit/);
  expect(await page.locator('.line.failed').count()).toBe(1);
  expect(await reportOf(page)).toMatchObject({ ok: false });
});

test('b on a telephone the findings hide nothing in a scroll of their own, and their lines stand alike', async () => {
  const page = await openScenario(phone, bugScenario('sharer-forgotten'));
  const findings = page.locator('[data-notice="bugs"] .findings');
  expect(await findings.locator('li').count()).toBeGreaterThan(3);
  expect(await findings.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThan(2);
  // A button among the words of a finding, as high as a finger, would tear its lines apart.
  const heights = await findings.locator('li > span').evaluateAll((all) =>
    all.flatMap((words) => {
      const lines = Number.parseFloat(getComputedStyle(words).lineHeight);
      const { height } = words.getBoundingClientRect();
      return Math.abs(height / lines - Math.round(height / lines)) < 0.1 ? [] : [height];
    }),
  );
  expect(heights).toEqual([]);
});

test('b the teaching build is loaded for a scenario with bugs, and for no other', async () => {
  const page = await site.open('runner.html');
  const loaded = new Set<string>();
  page.on('request', (request) => {
    const [name] = /faultline_[a-z]+_bg/.exec(request.url()) ?? [];
    if (name !== undefined) loaded.add(name);
  });
  const scenario = bugScenario('dirty-not-folded');
  const { bugs: _, ...machine } = scenario.machine ?? {};
  const run = (given: Scenario) =>
    page.evaluate(async (asked) => {
      const { Laboratory } = faultlineRunner;
      const laboratory = await Laboratory.open(JSON.stringify(asked), () => undefined);
      for (const op of asked.script ?? []) await laboratory.apply(op);
      const report = await laboratory.finish();
      laboratory.close();
      return report;
    }, given);
  expect((await run({ ...scenario, machine })).ok).toBe(true);
  expect([...loaded]).toEqual(['faultline_wasm_bg']);
  const caught = await run(scenario);
  expect(caught.ok).toBe(false);
  expect(caught.failures.map(({ at }) => at)).toContain('/script/6');
  expect([...loaded]).toEqual(['faultline_wasm_bg', 'faultline_teaching_bg']);
});

test('b a failing schedule replays in the browser to the same finding', async () => {
  const page = await site.open('runner.html');
  const text = JSON.stringify(bugScenario('count-before-unmap'));
  const replayed = await page.evaluate(
    (given) => faultlineRunner.runScenario(given, {}, {}, {}),
    text,
  );
  expect(replayed.status).toBe(1);
  expect(replayed.stdout).toContain('/script/3/scripts/1/0');
});

test('b a bug shows on real threads too', async () => {
  const scenario: Scenario = { ...bugScenario('fork-copies'), runtime: { kind: 'threads' } };
  const page = await openScenario(site, scenario);
  expect(await page.locator('.line.failed').count()).toBe(1);
});

for (const [name, line, op] of [
  ['named-before-counted', 4, 'together (evict a 0) & (kill b)'],
  ['stale-transition', 8, 'together (evict p 0) & (write p 0 = 2)'],
] as const) {
  test(`b a panic ends the machine, and says who panicked, where and at what: ${name}`, async () => {
    expectErrors();
    const scenario = bugScenario(name);
    const page = await site.open(await encode(JSON.stringify(scenario)));
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const notice = page.locator('[data-notice="failure"]');
    await notice.waitFor();
    expect(await notice.locator('h2').textContent()).toMatch(/^(cpu \d|trimmer|writer) panicked$/);
    expect(await notice.textContent()).toContain(`in line ${line}: ${op}`);
    // However tall it is, what stands below it makes room.
    await page.setViewportSize({ width: 1440, height: 900 });
    const [grids, transport] = await Promise.all(
      ['.centre', '.transport'].map((one) => page.locator(one).boundingBox()),
    );
    const bottom = (grids?.y ?? 0) + (grids?.height ?? 0);
    expect(bottom).toBeLessThanOrEqual((transport?.y ?? 0) + 1);

    await notice.getByRole('button', { name: 'Copy the report' }).click();
    await notice.locator('[data-copied="copied"]').waitFor();
    const report = await page.evaluate(() => navigator.clipboard.readText());
    expect(report).toMatch(
      /^Faultline: (cpu \d|trimmer|writer) panicked at crate\/engine\/\S+\.rs:\d+:\d+:\n.+/,
    );
    expect(report).toContain('on virtual CPUs, seed 0');
    expect(JSON.parse(report.slice(report.indexOf('\n{')))).toEqual(scenario);

    // The scenario is kept: it stands before the line that broke it, and goes on without it.
    await notice.getByRole('button', { name: 'Restart the machine' }).click();
    await settled(page, line - 1);
    expect(await notice.count()).toBe(0);
    expect(await page.locator('.line').count()).toBe(scenario.script?.length ?? 0);
  });
}
