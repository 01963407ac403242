// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, click, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { observed, rememberWord } from '../store/machine/observation.ts';
import {
  hoveredPage,
  selectedFrame,
  selectedProcess,
  selectFrame,
  selectPage,
} from '../store/page/selection.ts';
import { scenario } from '../store/run/open-machine.ts';
import { EMPTY } from '../store/script/document.ts';
import { Inspector } from './Inspector.tsx';

/** Two processes that share frame 6 at page 1; page 0 of the first is its own, page 3 is in slot 4. */
function forked(): SyntheticMachine {
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  machine.process(1, { state: 1, parent: 0, directory: 3, pages: 8 });
  for (const frame of [1, 2, 3, 4]) machine.frame(frame, 7, 0, frame % 2 === 1 ? 1 : 2);
  machine.word(1, 0, 2, 1);
  machine.word(3, 0, 4, 1);
  machine.word(2, 0, 5, 1 | 4 | 8 | 16);
  machine.word(2, 1, 6, 1 | 8);
  machine.word(4, 1, 6, 1 | 8);
  machine.word(2, 3, 4, 3);
  machine.frame(5, 2 | 32 | (1 << 16), 0, 0);
  machine.frame(6, 2 | (2 << 16), 7, 1);
  machine.word(6, 0, 0, 42);
  return machine;
}

beforeEach(() => {
  closePage();
  hoveredPage.value = -1;
});

const facts = (shown: Element) =>
  [...shown.querySelectorAll('.facts dt')].map((name) => [
    words(name),
    words(name.nextElementSibling),
  ]);

test('w2 without a machine the inspector asks for a selection', async () => {
  expect(words(await show(<Inspector />))).toMatch(/Select a page or a frame\.$/);
});

test('w2 a page is inspected with its frame, who shares it, and what its bytes are', async () => {
  openPageWith(forked(), 'init', 'child');
  selectPage(1);
  const shown = await show(<Inspector />);
  expect(words(shown.querySelector('h2'))).toBe('Page 1 of init');
  expect(facts(shown)).toEqual([
    ['Frame', 'f6 active'],
    ['Mapped by', 'initchild'],
    ['Copy in swap slot', 's7'],
    ['First words', '42000'],
  ]);
  await click(shown.querySelectorAll('.chip').item(1));
  expect(selectedProcess.value).toBe('child');
  expect(words(shown.querySelector('h2'))).toBe('Page 1 of child');
});

test('w2 a page that is in swap says in which slot, and one never written that reads find zeroes', async () => {
  openPageWith(forked(), 'init', 'child');
  selectPage(3);
  const shown = await show(<Inspector />);
  expect(words(shown)).toContain('Its bytes are in slot 4.');
  await change(() => selectPage(4));
  expect(words(shown)).toContain('No frame: reads find zeroes.');
  expect(shown.querySelector('.facts')).toBeNull();
});

test('w2 a frame is reached from its page, and says what it holds', async () => {
  openPageWith(forked(), 'init', 'child');
  selectPage(0);
  const shown = await show(<Inspector />);
  await click(shown.querySelector('.facts .link'));
  expect(selectedFrame.value).toBe(5);
  expect(words(shown.querySelector('h2'))).toBe('Frame 5');
  expect(facts(shown)[0]).toEqual(['Holds', 'page 0']);
  await change(() => selectFrame(2));
  expect(facts(shown)[0]?.[1]).toMatch(/^page table/);
  await change(() => selectFrame(9));
  expect(facts(shown)[0]).toEqual(['Holds', 'none']);
});

test('w2 what is under the pointer comes before what is selected', async () => {
  openPageWith(forked(), 'init', 'child');
  selectFrame(5);
  const shown = await show(<Inspector />);
  await change(() => {
    hoveredPage.value = 3;
  });
  expect(words(shown.querySelector('h2'))).toBe('Page 3 of init');
});

test('w2 bits that the last line changed are marked, and stand beside what they were', async () => {
  const machine = forked();
  openPageWith(machine, 'init', 'child');
  selectPage(0);
  rememberWord({ process: 'init', page: 0 });
  const shown = await show(<Inspector />);
  expect(shown.querySelectorAll('.word-part.changed')).toHaveLength(0);
  machine.word(2, 0, 5, 1 | 4 | 8);
  await change(() => observed.readNow());
  expect(shown.querySelectorAll('.word-part.changed')).toHaveLength(1);
  expect(words(shown.querySelector('.word-field.changed'))).toMatch(/1 → 0$/);
});

test('w2 a word is one row of fields as wide as they have bits, and points to their names', async () => {
  openPageWith(forked(), 'init', 'child');
  selectPage(0);
  const shown = await show(<Inspector />);
  const parts = [...shown.querySelectorAll<HTMLElement>('.word-part')];
  expect(parts.reduce((bits, part) => bits + Number(part.style.flexGrow), 0)).toBe(64);
  const number = shown.querySelector<HTMLElement>('.word-part b')?.parentElement;
  expect(words(number?.querySelector('b'))).toBe('5');
  expect([number?.style.flexGrow, number?.title]).toEqual(['32', 'frame or slot, bits 43 to 12']);
  // The bits that are set are filled, and what is pointed at is marked in the list.
  expect(parts.filter((part) => part.matches('.one')).map(({ title }) => title)).toEqual([
    ...['frame or slot, bits 43 to 12', 'dirty, bit 4', 'accessed, bit 3', 'writable, bit 2'],
    'format, bits 1 to 0',
  ]);
  await change(() => number?.dispatchEvent(new PointerEvent('pointerenter')));
  expect(words(shown.querySelector('.word-field.pointed'))).toMatch(/^frame or slot/);
});

test('s6 under aging an active frame has its counter', async () => {
  const machine = forked();
  machine.note(5, 0x6e);
  openPageWith(machine, 'init', 'child');
  selectFrame(5);
  const shown = await show(<Inspector />);
  expect(shown.querySelector('[data-counter]')).toBeNull();
  await change(() => {
    scenario.value = { ...EMPTY, machine: { policy: 'aging' } };
  });
  expect(words(shown.querySelector('[data-counter]'))).toBe('01101110 (6E)');
});
