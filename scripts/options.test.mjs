// Tests that commands say how they are called, and do nothing else then.

import { expect, test } from 'vitest';
import { attempt } from './lib/command.mjs';

test.each([
  ...[
    'bench-browser',
    'draw',
    'fuzz',
    'memory',
    'mutants',
    'start',
    'travel',
    'types',
    'wasm-test',
  ],
])('%s prints its usage where help is asked for', async (name) => {
  const { status, output } = await attempt('node', [`scripts/${name}.mjs`, '--help'], {
    output: 'hide',
  });
  expect(status).toBe(0);
  expect(output).toMatch(/^usage: npm (?:run|start)[^\n]*\n$/);
});

test('an option that is not known is refused with the usage', async () => {
  const { status, output } = await attempt('node', ['scripts/types.mjs', '--chek'], {
    output: 'hide',
  });
  expect(status).toBe(1);
  expect(output).toContain("Unknown option '--chek'");
  expect(output).toContain('npm run types -- [--check]');
});
