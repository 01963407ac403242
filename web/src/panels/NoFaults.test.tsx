// @vitest-environment happy-dom

import { beforeEach, expect, test } from 'vitest';
import { change, show, words } from '../../testing/render.ts';
import { SyntheticMachine } from '../../testing/synthetic-machine.ts';
import { closePage, openPageWith } from '../../testing/synthetic-page.ts';
import { observed } from '../store/machine/observation.ts';
import { fold } from '../store/page/shown-panels.ts';
import { FaultList } from './FaultList.tsx';

beforeEach(() => {
  closePage();
  fold('faults', false);
});

test('a6 “No fault yet.” stands only while no fault is counted', async () => {
  const machine = new SyntheticMachine();
  openPageWith(machine, 'init');
  const shown = await show(<FaultList />);
  const said = () => words(shown.querySelector('[data-no-faults]'));
  expect(said()).toBe('No fault yet.');
  // Faults that were counted, and whose records are gone.
  machine.count('faults', 308_244);
  await change(() => observed.readNow());
  expect(said()).toMatch(/^308,244 faults so far\. /);
  expect(words(shown)).not.toContain('No fault yet');
});
