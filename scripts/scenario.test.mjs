import { expect, test } from 'vitest';
import { attempt } from './lib/command.mjs';

test('r2 a browser that is not there is no failed expectation', async () => {
  const call = ['scripts/scenario.mjs', 'scenarios/fork-write.json'];
  const env = { FAULTLINE_BROWSER: '/nowhere' };
  const { status, stdout, output } = await attempt('node', call, { env, output: 'hide' });
  expect([status, stdout]).toEqual([3, '']);
  expect(output).toContain('/nowhere');
});
