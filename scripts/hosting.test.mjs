import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './lib/command.mjs';
import { waysToHost } from './lib/hosting.mjs';
import { isolation } from './lib/policy.mjs';

const workflow = readFileSync(join(root, '.github/workflows/pages.yml'), 'utf8');

test('w6 a build says how its folder is hosted, with each header and without any', () => {
  const words = waysToHost();
  for (const [name, value] of Object.entries(isolation))
    expect(words).toContain(`${name}: ${value}`);
  for (const way of ['any static host', 'https', 'plain http']) expect(words).toContain(way);
  const [file] = /\.github\/\S+/.exec(words) ?? [''];
  expect(existsSync(join(root, file))).toBe(true);
});

test('w6 the workflow puts what the build makes on a host, for any fork and without a secret', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commands = [...workflow.matchAll(/- run: npm run (\S+)/g)].map(([, name = '']) => name);
  expect(commands).toEqual(['build']);
  expect(scripts).toHaveProperty('build');
  expect(workflow).toMatch(/upload-pages-artifact@v\d+\n\s+with:\n\s+path: web\/dist\n/);
  expect(workflow).toMatch(/deploy-pages@v\d+/);
  expect(workflow).toContain('workflow_dispatch');
  expect(workflow).not.toMatch(/secrets\.|github\.repository ==|github\.repository_owner/);
});
