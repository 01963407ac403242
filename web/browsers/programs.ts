// Starts the programs of which a driver is made, waits for the line in which one says that it is ready, and ends them.

import { spawn } from 'node:child_process';
import { waitFor } from '../../scripts/lib/patience.mjs';

interface Started {
  /** What the pattern found in what the program said. */
  readonly said: readonly string[];
  end(): Promise<void>;
}

/** Starts a program, and returns when it has said what is waited for, if anything is. */
export function start(
  program: string,
  parameters: readonly string[],
  pattern: RegExp = /^/,
  env: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const child = spawn(program, parameters, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Not until its pipes are closed: programs that it has started may have them still.
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const end = () => {
    child.kill();
    return ended;
  };
  return new Promise((done, fail) => {
    let told = '';
    const timer = setTimeout(() => {
      child.kill();
      fail(new Error(`${program} did not get ready: ${told}`));
    }, waitFor);
    const hear = (part: string) => {
      told += part;
      const said = told.match(pattern);
      if (said === null) return;
      clearTimeout(timer);
      done({ said, end });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`${program} has ended: ${told}`)));
    child.once('spawn', () => hear(''));
  });
}
