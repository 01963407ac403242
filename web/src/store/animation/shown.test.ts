// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { SyntheticMachine } from '../../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../../testing/synthetic-page.ts';
import { observed } from '../machine/observation.ts';
import { presentation } from './presentation.ts';
import { shown } from './shown.ts';

beforeEach(() => {
  presentation.settle();
  closePage();
});

test('what is shown is the machine itself again when a step ends what was played and brings nothing to play', () => {
  const machine = new SyntheticMachine();
  machine.process(0, { state: 2, directory: 1, pages: 8 });
  openPageWith(machine, 'init');
  presentation.begin();
  machine.event(0, 'pfn', 0, 3, 1, 1000);
  presentation.tell();
  expect(shown.playing.value).toBe(true);
  presentation.begin();
  presentation.tell();
  expect(shown.playing.value).toBe(false);
  observed.counters.value = { copies: 1 };
  expect(shown.counters.value).toEqual({ copies: 1 });
});
