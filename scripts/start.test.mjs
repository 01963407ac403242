// Tests what `npm start` is made of: steps at the same time, stamps, and the target and the bindings of the engine's modules.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { attempt, root, run } from './lib/command.mjs';
import { isCurrent, unlessCurrent } from './lib/content-stamp.mjs';
import { together } from './lib/steps.mjs';
import { wasmEnvironment, wasmTarget } from './lib/wasm.mjs';

test('what failed is made again, and what was made is not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  const stamp = join(relative(root, folder), 'made', '.built-from');
  const works = /** @type {string[]} */ ([]);
  const make = (/** @type {string} */ hash, fails = false) =>
    unlessCurrent(stamp, hash, async () => {
      works.push(hash);
      if (fails) throw new Error('interrupted');
    });
  await expect(make('one', true)).rejects.toThrow('interrupted');
  expect(isCurrent(stamp, 'one')).toBe(false);
  expect(await make('one')).toBe(null);
  expect(await make('one')).toBe('unchanged');
  // Another source, and a failure: neither that nor the first passes for current.
  await expect(make('two', true)).rejects.toThrow('interrupted');
  expect(isCurrent(stamp, 'two')).toBe(false);
  expect(works).toEqual(['one', 'one', 'two']);
  rmSync(folder, { recursive: true });
});

test('steps that run at the same time all come to an end before the first failure is told', async () => {
  let over = false;
  const slow = new Promise((resolve) => setImmediate(resolve)).then(() => {
    over = true;
  });
  const failures = ['first', 'second'].map((words) => Promise.reject(new Error(words)));
  await expect(together(...failures, slow)).rejects.toThrow('first');
  expect(over).toBe(true);
  await together(slow, Promise.resolve());
});

test('the target of the modules has atomics, with no warning from the compiler', async () => {
  const ask = ['-Zunstable-options', '--print=cfg', '--target', await wasmTarget()];
  const { status, output } = await attempt('rustc', ask, { env: wasmEnvironment, output: 'hide' });
  expect(status, output).toBe(0);
  expect(output).toContain('target_feature="atomics"');
  expect(output).toContain('target_feature="simd128"');
  expect(output).not.toMatch(/warning/i);
});

test('the bindings are made by the version of wasm-bindgen that the modules are compiled with', async () => {
  const version = (/** @type {string} */ lock, /** @type {string} */ crate) =>
    readFileSync(join(root, lock), 'utf8').match(
      new RegExp(`name = "${crate}"\\nversion = "([^"]+)"`),
    )?.[1];
  const compiled = version('Cargo.lock', 'wasm-bindgen');
  expect(compiled).toMatch(/^0\.\d/);
  expect(version('bindings/Cargo.lock', 'wasm-bindgen-cli-support')).toBe(compiled);
});

test('a program that fails says what it said to whoever shows it elsewhere', async () => {
  const failing = run(
    'node',
    ['-e', 'console.log("half"); console.error("why"); process.exit(3)'],
    {
      output: 'hide',
    },
  );
  await expect(failing).rejects.toMatchObject({
    message: expect.stringMatching(/^node .* ended with status 3$/s),
    output: expect.stringMatching(/half.*why|why.*half/s),
  });
});
