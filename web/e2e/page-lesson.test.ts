// Lessons: a scenario's words are shown and written on the page and go with its link; its questions are answered before
// the run shows the answer; its variants are a press away.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../src/generated/types.d.ts';
import { encode } from '../src/share/codec.ts';
import { useSite } from './harness.ts';
import { eventOf, forkAndWrite, leaveDialog, openScenario, press, settled } from './page-kit.ts';

const site = useSite();
const shipped = (name: string): Scenario =>
  JSON.parse(
    readFileSync(new URL(`../../scenarios/gallery/${name}.json`, import.meta.url), 'utf8'),
  );

async function openAtStart(scenario: Scenario) {
  const page = await site.open(`${await encode(JSON.stringify(scenario))}&lines=0`);
  await settled(page, 0);
  return page;
}

test('a12 a question with a number: its counter is covered, and the run shows the answer', async () => {
  const page = await openAtStart(shipped('last-sharer'));
  const copies = page.locator('[data-counter="copies"] .counter-value');
  expect(await copies.textContent()).toBe('?');
  const answer = page.locator('.line').nth(11).locator('.line-detail');
  expect(await answer.textContent()).not.toContain('3');
  await page.locator('.lesson-answers input').fill('4');
  await page.locator('.lesson-answers [type="submit"]').click();
  const verdict = page.locator('[data-verdict]');
  await verdict.waitFor();
  expect(await verdict.getAttribute('data-verdict')).toBe('wrong');
  expect(await verdict.textContent()).toBe('You said 4. No, it is 3.');
  await settled(page, 12);
  expect(await copies.textContent()).toBe('3');
  expect(await answer.textContent()).toContain('3');
  expect(await page.locator('.lesson-note').textContent()).toBe('');
});

test('a12 questions with choices follow each other, and who is right is told so', async () => {
  const page = await openAtStart(shipped('who-copies'));
  const question = page.locator('[data-question]');
  expect(await question.textContent()).toMatch(/^Question 1 of 3/);
  await question.locator('[data-answer="0"]').click();
  await page.locator('[data-verdict="right"]').waitFor();
  await settled(page, 7);
  expect(await page.locator('.lesson-note').textContent()).toMatch(/^Line 7 The child writes/);
  await page.locator('[data-answer="next"]').click();
  expect(await question.textContent()).toMatch(/^Question 2 of 3/);
  await question.locator('[data-answer="show"]').click();
  await page.locator('[data-verdict="told"]').waitFor();
  expect(await page.locator('[data-verdict]').textContent()).toBe('It is the parent.');
});

test('a12 what the text suggests is a button: nine frames, and both compared', async () => {
  const page = await openAtStart(shipped('belady'));
  await page.locator('[data-variant="0"]').click();
  await settled(page, 0);
  expect(await page.locator('[data-variant="0"]').getAttribute('aria-pressed')).toBe('true');
  await page.keyboard.press('9');
  await settled(page, 15);
  expect(await page.locator('.line.failed').count()).toBe(0);
  await page.locator('.lesson-answers input').fill('10');
  await page.locator('.lesson-answers [type="submit"]').click();
  await page.locator('[data-verdict="right"]').waitFor();
  await page.locator('[data-variant-compare="0"]').click();
  const dialog = page.locator('[data-dialog="compare"]');
  await dialog.locator('[data-field="counters/faults"]').waitFor();
  const cells = await dialog.locator('[data-field="counters/faults"] td').allTextContents();
  expect(cells.slice(0, 2)).toEqual(['9', '10']);
  await leaveDialog(page);
  await page.locator('[data-variant=""]').click();
  await settled(page, 0);
  expect(await page.locator('[data-variant=""]').count()).toBe(0);
});

test('a25 text, notes and questions are written on the page, run nothing again, and go with the link', async () => {
  const page = await openScenario(site, forkAndWrite);
  expect(await page.locator('[data-lesson]').count()).toBe(0);
  const events = await eventOf(page);
  await press(page, 'words');
  const dialog = page.locator('[data-dialog="words"]');
  await dialog.locator('[name="title"]').fill('A lesson of my own');
  await dialog.locator('[name="about"]').fill('Watch page 3.');
  const line = (at: number) => dialog.locator(`[data-words="${at}"]`);
  await line(3).locator('input').first().fill('The child copies.');
  await line(3).locator('input').nth(1).fill('Who copies?');
  await line(3).locator('textarea').fill('the parent\n* the child');
  await dialog.locator('[type="submit"]').click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.lesson-about').waitFor();
  expect(await eventOf(page)).toBe(events);
  expect(await page.locator('.line.done').count()).toBe(5);
  // A line that is edited keeps its words.
  await page.locator('.line').nth(3).locator('[data-line="edit"]').click({ force: true });
  await page.locator('.line-edit input').fill('write child 3 = 9');
  await page.keyboard.press('Enter');
  // Until the engine has looked at the line, keys are the field's.
  await page.locator('.line-edit').waitFor({ state: 'detached' });
  await settled(page, 5);
  await page.keyboard.press('l');
  const field = page.locator('[data-dialog="share"] input[name="address"]');
  await expect.poll(() => field.inputValue()).toContain('#1.');
  const address = await field.inputValue();
  await leaveDialog(page);

  const other = await site.open(new URL(address).hash);
  await settled(other, 5);
  expect(await other.locator('.scenario-title').textContent()).toBe('A lesson of my own');
  expect(await other.locator('.lesson-about').textContent()).toBe('Watch page 3.');
  expect(await other.locator('[data-question]').textContent()).toContain('Who copies?');
  await other.keyboard.press(',');
  await settled(other, 4);
  expect(await other.locator('.lesson-note').textContent()).toBe('Line 4 The child copies.');
});

test('a25 words that are not legal are refused with where, and nothing is lost', async () => {
  const page = await openScenario(site, forkAndWrite);
  await press(page, 'words');
  const dialog = page.locator('[data-dialog="words"]');
  // Nothing on this line is a number to ask for.
  await dialog.locator('[data-words="0"] input').nth(1).fill('How many?');
  await dialog.locator('[type="submit"]').click();
  await dialog.locator('[data-notice="problem"]').waitFor();
  expect(await dialog.locator('[data-notice="problem"]').textContent()).toContain('question');
  expect(await dialog.locator('[data-words="0"] input').nth(1).inputValue()).toBe('How many?');
});

test('a11 the thumb of a shipped scenario is in its place from the first event, and of another moves by lines', async () => {
  const page = await openAtStart(shipped('who-copies'));
  const slider = page.locator('.scrub input');
  const share = () =>
    slider.evaluate((input) => {
      const { value, max } = input as HTMLInputElement;
      return [Number(value), Number(max)];
    });
  const [, most] = await share();
  await page.keyboard.press('.');
  await settled(page, 1);
  const events = await eventOf(page);
  expect(await share()).toEqual([events, most]);
  await page.keyboard.press('9');
  await settled(page, 16);
  // The engine's own count is what came with the page.
  expect(await eventOf(page)).toBe(most);

  const own = await openAtStart({ ...forkAndWrite, machine: { frames: 40 } });
  const ownSlider = own.locator('.scrub input');
  expect(await ownSlider.getAttribute('max')).toBe('5');
  for (const line of [1, 2, 3]) {
    await own.keyboard.press('.');
    await settled(own, line);
    expect(await ownSlider.inputValue()).toBe(String(line));
    expect(await ownSlider.getAttribute('max')).toBe('5');
  }
});
