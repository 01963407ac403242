// `npm run scenario` against the native command: the same reports, and the same exit statuses.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { buildCommand } from '../../scripts/lib/native.mjs';
import { scenarioCommand } from '../../scripts/lib/scenario-command.mjs';
import type { Report } from '../src/generated/types.d.ts';
import { theBrowser } from './harness.ts';

const root = resolve(import.meta.dirname, '../..');
const files = readdirSync(resolve(root, 'scenarios'))
  .filter((name) => name.endsWith('.json'))
  .concat('ladder/base.json', 'ladder/churn.json')
  .map((name) => `scenarios/${name}`);

interface Result {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(program: string, parameters: string[], input = ''): Promise<Result> {
  return new Promise((done, fail) => {
    const child = spawn(program, parameters, { cwd: root });
    const result: Result = { status: null, stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      result.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      result.stderr += chunk;
    });
    child.on('error', fail);
    child.on('close', (status) => done({ ...result, status }));
    // One that refuses its call ends without having read.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** All that the command does, with the browser that is there. */
const inBrowser = (parameters: string[], input = ''): Promise<Result> =>
  scenarioCommand(parameters, { standardInput: () => input, browser: theBrowser });

let command = '';
const native = (parameters: string[], input?: string) =>
  run(command, ['run', ...parameters], input);

beforeAll(async () => {
  command = await buildCommand('dev');
});

// Whatever the command has to build first is part of its time.
test.each([
  ['that holds', ['scenarios/fork-write.json', '--runtime', 'virtual'], ''],
  [
    'that does not hold',
    ['-'],
    '{"faultline": 1, "script": [{"op": "read", "process": "a", "page": 0}]}',
  ],
  ['that is refused', ['-'], '{"faultline": 1, "machine": {"frames": 3}}'],
])('r2 npm runs the command on a scenario %s', async (_, call, text) => {
  const npm = await run('npm', ['run', '--silent', 'scenario', '--', ...call], text);
  const [here, there] = [await inBrowser(call, text), await native(call, text)];
  expect([npm.status, npm.stdout]).toEqual([there.status, there.stdout]);
  expect([here.status, here.stdout]).toEqual([there.status, there.stdout]);
  // What made the engine ready comes before it.
  expect(npm.stderr.endsWith(here.stderr)).toBe(true);
});

test.each(files)('r2 %s has the same report as natively, on virtual CPUs', async (file) => {
  const call = [file, '--runtime', 'virtual', '--seed', '11'];
  const [here, there] = [await inBrowser(call), await native(call)];
  expect(here.stdout).toBe(there.stdout);
  expect(here.stdout).toContain('trace ');
  expect(here.status).toBe(0);
  expect(there.status).toBe(0);
});

test.each(files)('r1 %s comes to the same state as natively, on threads', async (file) => {
  const call = [file, '--runtime', 'threads', '--json'];
  const here = await inBrowser(call);
  const [report, virtual]: Report[] = [
    JSON.parse(here.stdout),
    JSON.parse((await native([file, '--runtime', 'virtual', '--json'])).stdout),
  ];
  expect(report).toMatchObject({ ok: true, failures: [], trace_hash: null });
  expect(report?.state_hash).toBe(virtual?.state_hash);
  expect(here.status).toBe(0);
});

test('what does not hold is status 1, from standard input too', async () => {
  const text = JSON.stringify({
    faultline: 1,
    script: [
      { op: 'spawn', as: 'a', pages: 4 },
      { op: 'read', process: 'a', page: 0, expect: 1 },
    ],
  });
  const [here, there] = [await inBrowser(['-'], text), await native(['-'], text)];
  expect(here.stdout).toContain('/script/1');
  expect(here.stdout).toBe(there.stdout);
  expect([here.status, there.status]).toEqual([1, 1]);
});

test.each([
  ['a refused scenario', ['-'], '{"faultline": 1, "machine": {"frames": 3}}', '/machine/frames'],
  ['a text that is no JSON', ['-'], '{', ''],
  ['a change that makes it illegal', ['-', '--cpus', '0'], '{"faultline": 1}', 'cpus'],
  ['a file that is not there', ['nothing.json'], '', 'nothing.json'],
  ['an unknown option', ['-', '--fast'], '{"faultline": 1}', '--fast'],
  ['a setting without a place', ['-', '--set', 'slots'], '{"faultline": 1}', '/PLACE=VALUE'],
  [
    'a setting that is not legal',
    ['-', '--set', '/machine/slots=-1'],
    '{"faultline": 1}',
    '/slots',
  ],
  [
    'a setting beside the script',
    ['-', '--set', '/script/0=1'],
    '{"faultline": 1, "script": []}',
    'there are 0',
  ],
])('%s is status 2, and nothing is on standard output', async (_, call, text, told) => {
  const [here, there] = [await inBrowser(call, text), await native(call, text)];
  expect(here.stderr).toContain(told);
  expect([here.stdout, there.stdout]).toEqual(['', '']);
  expect([here.status, there.status]).toEqual([2, 2]);
});
