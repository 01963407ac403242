// Runs some of the engine's tests alone, by their modules.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root } from './command.mjs';

/** The program of the engine's tests, whose modules are its files and folders. */
const folder = join(root, 'crate', 'engine', 'tests', 'it');

/**
 * What to add to `cargo test --package faultline` for the tests of some modules; filters for the names of
 * tests come last, so more may follow. A name that no module has would run nothing, and is a failure.
 * @param {string[]} modules such as memory::slots, or memory for all in that folder
 */
export function engineTests(modules) {
  for (const name of modules) {
    const path = join(folder, ...name.split('::'));
    if (!existsSync(path) && !existsSync(`${path}.rs`)) {
      throw new Failure(`the engine's tests have no module ${name}`, `look in ${folder}`);
    }
  }
  return ['--test', 'it', '--', ...modules.map((name) => `${name}::`)];
}
