import { expect, test } from 'vitest';
import { bugs, gallery } from './gallery.ts';

test('w1 the gallery has ten exhibits and more, each a scenario with a title, three sentences and a question', () => {
  expect(gallery.length).toBeGreaterThanOrEqual(10);
  for (const { name, scenario, about, find } of gallery) {
    expect(scenario.title, name).toBeTruthy();
    expect(about, name).toHaveLength(3);
    expect(find, name).toContain('?');
  }
});

test('b every bug that can be switched on is listed, with a title', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(19);
  for (const { name, scenario } of bugs) {
    expect(scenario.title, name).toBeTruthy();
    expect(scenario.machine?.bugs, name).toBeTruthy();
  }
});
