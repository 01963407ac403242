// @vitest-environment happy-dom
// The timeline over records that were made by hand: keys, selection, list, and what it does not have.

import { afterEach, expect, test } from 'vitest';
import { change, click, press, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { RingReader } from '../engine/event-recorder.ts';
import { hasSingleKeys } from '../store/page/key-choices.ts';
import { timeline } from '../store/timeline/timeline.ts';
import { text } from '../text/text.ts';
import { Timeline } from './Timeline.tsx';

afterEach(() => {
  timeline.clear();
  closePage();
  hasSingleKeys.value = true;
});

/** A fault of 80 ns with a wait of 40 ns for a region's lock that CPU 1 holds. */
async function withFault(): Promise<HTMLElement> {
  const machine = new SyntheticMachine({ capacity: 64 });
  machine.process(0, { state: 1, directory: 1, pages: 64 });
  machine.event(0, 'fault-begin', 0, 3, 1, 1100);
  machine.event(0, 'fault-phase', 0, 3, 0, 1110);
  machine.event(0, 'lock-wait', 0, 1, 0, 1120, 2);
  machine.event(0, 'lock-waited', 0, 1, 0, 1160, 40);
  machine.event(0, 'pte', 0, 3, 0, 1170);
  machine.event(0, 'fault-end', 0, 3, 2, 1180);
  openPageWith(machine, 'init');
  const reader = new RingReader(machine.views());
  reader.read(Number.POSITIVE_INFINITY);
  timeline.begin(machine.views(), false);
  timeline.hear(reader.take());
  return show(<Timeline />);
}

const lanesIn = (page: Element) => page.querySelector('.tape');

test('w3 letters zoom and pan while the timeline has the focus, and are heard by nothing else', async () => {
  const page = await withFault();
  const heard: string[] = [];
  const note = (event: KeyboardEvent) => heard.push(event.key);
  addEventListener('keydown', note);
  const whole = timeline.seen(0);
  await press(lanesIn(page), 'w');
  const near = timeline.seen(0);
  expect(near.to - near.from).toBeLessThan(whole.to - whole.from);
  await press(lanesIn(page), 'd');
  expect(timeline.seen(0).from).toBeGreaterThan(near.from);
  await press(lanesIn(page), 'e');
  await press(lanesIn(page), 'Home');
  expect(timeline.chosen.value).toBeUndefined();
  expect(heard).toEqual(['e']);
  removeEventListener('keydown', note);
});

test('w3 letters that are switched off do nothing here, and arrows do the same', async () => {
  const page = await withFault();
  await change(() => {
    hasSingleKeys.value = false;
  });
  expect(words(page.querySelector('#timeline-keys'))).not.toMatch(/\bW\b/);
  await press(lanesIn(page), 'w');
  expect(timeline.chosen.value).toBeUndefined();
  await press(lanesIn(page), 'ArrowUp');
  expect(timeline.chosen.value).toBeDefined();
});

test('w3 the sums of a selection tell each kind with its count and its time', async () => {
  const page = await withFault();
  await click(page.querySelector('[data-timeline="select"]'));
  const rows = [...page.querySelectorAll('[data-sum]')].map((row) =>
    [...row.children].map((cell) => words(cell)),
  );
  expect(rows).toContainEqual(['soft fault', '1', '80 ns']);
  expect(rows).toContainEqual(['wait for a PTE lock', '1', '40 ns']);
  expect(rows).toContainEqual(['other events', '1', '']);
  await change(() => timeline.select({ from: 1130, to: 1140 }));
  expect(words(page.querySelector('[data-sum="13"]'))).toContain('10 ns');
  await press(lanesIn(page), 'Escape');
  expect(page.querySelector('.timeline-sums')).toBeNull();
});

test('w3 the list says what is seen, a wait with the task that has the lock', async () => {
  const page = await withFault();
  expect(words(page.querySelector('#timeline-seen'))).toMatch(/3 slices, 1 other event$/);
  await click(page.querySelector('[data-timeline="list"]'));
  const rows = [...page.querySelectorAll('.timeline-list tbody tr')].map((row) => words(row));
  expect(rows[0]).toContain('soft fault: write p3 of init');
  expect(rows.join('\n')).toContain('waits for PTEs init 0–63, which CPU 1 has');
  expect(rows.join('\n')).toContain(text.eventKind('pte'));
});

test('w4 events that passed unread are told in words', async () => {
  const page = await withFault();
  await change(() => timeline.hear({ words: new Uint32Array(0), lost: 12 }));
  await change(() => timeline.see({ from: 1000, to: 1200 }));
  await show(<Timeline />);
  expect(words(page.ownerDocument.querySelector('.timeline-note:last-of-type'))).toContain(
    '12 events',
  );
});
