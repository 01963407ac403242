import { expect, test } from 'vitest';
import { FIRST, groups, shipped } from './catalogue.ts';

test('w1 the presets stand in five groups, easiest first, each scenario with a title', () => {
  expect(groups.map(({ group }) => group)).toEqual([
    'start',
    'guided',
    'textbook',
    'machines',
    'bugs',
  ]);
  for (const { members } of groups) expect(members.length).toBeGreaterThanOrEqual(3);
  for (const { name, scenario } of shipped) expect(scenario.title, name).toBeTruthy();
  const names = shipped.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.slice(0, 2)).toEqual(['first-visit', 'fork-write']);
});

test('w1 a24 no title speaks of what the visitor cannot have', () => {
  for (const { name, scenario } of shipped) expect(scenario.title, name).not.toMatch(/notes/i);
});

test('w1 ten guided experiments and more say what they show, line by line, and ask', () => {
  const guided = groups.find(({ group }) => group === 'guided')?.members ?? [];
  expect(guided.length).toBeGreaterThanOrEqual(10);
  for (const { name, scenario } of guided) {
    const script = scenario.script ?? [];
    expect(scenario.about, name).toBeTruthy();
    expect(
      script.some(({ note }) => note !== undefined),
      name,
    ).toBe(true);
    expect(
      script.some(({ question }) => question?.ask.includes('?')),
      name,
    ).toBe(true);
  }
});

test('p17 textbook tables say how many frames they have for data, and ask for the number of faults', () => {
  const tables = groups.find(({ group }) => group === 'textbook')?.members ?? [];
  expect(tables.length).toBeGreaterThanOrEqual(5);
  for (const { name, scenario } of tables) {
    expect(scenario.machine?.data_frames, name).toBeGreaterThan(0);
    expect(scenario.about, name).toBeTruthy();
    expect(
      scenario.script?.some(({ question }) => question !== undefined),
      name,
    ).toBe(true);
  }
});

test('b every bug that can be switched on is listed, with what to look for', () => {
  const bugs = groups.find(({ group }) => group === 'bugs')?.members ?? [];
  expect(bugs.length).toBeGreaterThanOrEqual(19);
  for (const { name, scenario } of bugs) {
    expect(scenario.machine?.bugs, name).toBeTruthy();
    expect(scenario.about, name).toBeTruthy();
  }
});

test('a visitor who comes again is shown a scenario that asks', () => {
  expect(FIRST.script?.some(({ question }) => question !== undefined)).toBe(true);
});
