// `npm run scenario` against the native command: the same reports, and the same exit statuses.

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../src/generated/types.d.ts';

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
    child.stdin.end(input);
  });
}

const inBrowser = (parameters: string[], input?: string) =>
  run('npm', ['run', '--silent', 'scenario', '--', ...parameters], input);

const native = (parameters: string[], input?: string) =>
  run('cargo', ['run', '-q', '-p', 'faultline-cli', '--', 'run', ...parameters], input);

beforeAll(async () => {
  const { status, stderr } = await run('cargo', ['build', '-q', '-p', 'faultline-cli']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  // Whatever the command has to build first is not part of a test's time.
  expect((await inBrowser(['-'], '{"faultline": 1}')).status).toBe(0);
}, 600_000);

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
