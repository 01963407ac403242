import { expect, test } from 'vitest';
import { withSetting } from './setting.ts';

const document = { machine: { policy: 'clock' }, script: [{ op: 'settle' }] };

test('r5 a setting replaces one value, and leaves the document as it was', () => {
  const before = structuredClone(document);
  expect(withSetting(document, '/machine/policy', 'fifo')).toEqual({
    ...document,
    machine: { policy: 'fifo' },
  });
  expect(withSetting(document, '/machine/trim/low', 3)).toEqual({
    ...document,
    machine: { policy: 'clock', trim: { low: 3 } },
  });
  expect(withSetting(document, '/script/0', { op: 'audit' })).toEqual({
    ...document,
    script: [{ op: 'audit' }],
  });
  expect(document).toEqual(before);
});

test('r5 a place that is not there is told', () => {
  expect(() => withSetting(document, '/script/1', 2)).toThrow(
    '/script/1: no such entry, there are 1',
  );
  expect(() => withSetting(document, '/machine/policy/x', 1)).toThrow(
    '/machine/policy/x: /machine/policy is "clock", which has no parts',
  );
});
