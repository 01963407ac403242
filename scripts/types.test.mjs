import { expect, test } from 'vitest';
import { attempt } from './lib/command.mjs';

test('the TypeScript types are those of the Rust types', async () => {
  const { status, output } = await attempt('node', ['scripts/types.mjs', '--check'], {
    output: 'hide',
  });
  expect(output).toBe('');
  expect(status).toBe(0);
});
