// Runs some of the engine's tests alone, by their modules.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, root } from './command.mjs';

/** The programs of the engine's tests, whose modules are the files and folders of theirs. */
const programs = ['it', 'searches'];
const folder = join(root, 'crate', 'engine', 'tests');

/** Returns the program that a module of tests is in. @param {string} name */
function programOf(name) {
  const found = programs.find((program) => {
    const path = join(folder, program, ...name.split('::'));
    return existsSync(path) || existsSync(`${path}.rs`);
  });
  if (found !== undefined) return found;
  // A name that no module has would run nothing.
  throw new Failure(`the engine's tests have no module ${name}`, `look in ${folder}`);
}

/**
 * What to add to `cargo test --package faultline` for the tests of some modules; filters for the names of
 * tests come last, so more may follow.
 * @param {string[]} modules such as memory::slots, or memory for all in that folder
 */
export function engineTests(modules) {
  const needed = new Set(modules.map(programOf));
  const tests = [...needed].flatMap((program) => ['--test', program]);
  return [...tests, '--', ...modules.map((name) => `${name}::`)];
}
