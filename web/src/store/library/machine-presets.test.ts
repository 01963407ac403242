import { expect, test } from 'vitest';
import { text } from '../../text/text.ts';
import { machinePresets } from './machine-presets.ts';

test('the machines to start from are there, each with a name', () => {
  const names = machinePresets.map(({ name }) => name);
  expect(names).toEqual(Object.keys(text.machine.presetNames));
});
