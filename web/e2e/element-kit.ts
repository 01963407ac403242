// Makes the package of `<faultline-lab>` as `npm pack` gives it, and sites that have it in their pages.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import type { FaultlineLab, LabProblem } from '../../element/src/index.ts';

const root = resolve(import.meta.dirname, '../..');
const examples = join(root, 'element/examples');

/** A folder with the package, installed, and a site with the examples. */
export interface Workshop {
  readonly folder: string;
  /** The package as it is installed. */
  readonly installed: string;
  /** The site's folder. */
  readonly site: string;
  remove(): void;
}

/** Packs the element, installs it from the package, and lays out a site with the examples that need no build. */
export function makeWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  // npm hands the project's `ignore-scripts` on to the tests that it runs; but the script before packing builds the element.
  const pack = ['pack', '--ignore-scripts=false', '--json', '--pack-destination', folder];
  const told = execFileSync('npm', pack, {
    cwd: join(root, 'element'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [{ filename }] = JSON.parse(told.slice(told.indexOf('[\n'))) as [{ filename: string }];
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'faultline-lab');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
  if (!existsSync(join(installed, 'dist/index.js'))) throw new Error(`no element in ${told}`);
  for (const name of ['react', 'react-dom', 'scheduler', 'csstype', '@types']) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const site = join(folder, 'site');
  for (const name of ['plain.html', 'plain.js', 'strict.html', 'fork.json']) {
    cpSync(join(examples, name), join(site, name));
  }
  cpSync(installed, join(site, 'faultline-lab'), { recursive: true });
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { folder, installed, site, remove };
}

/** Checks the types of the example in React against those of the package, as whoever installs it would, and builds it. */
export async function buildReactPage({ folder, site }: Workshop): Promise<void> {
  const source = join(folder, 'react');
  cpSync(join(examples, 'react'), source, { recursive: true });
  const options = {
    ...{ noEmit: true, strict: true, jsx: 'react-jsx', module: 'esnext', target: 'es2022' },
    ...{ moduleResolution: 'bundler', types: [], lib: ['es2022', 'dom', 'dom.iterable'] },
  };
  const project = { compilerOptions: options, include: ['main.tsx'] };
  writeFileSync(join(source, 'tsconfig.json'), JSON.stringify(project));
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', source], { encoding: 'utf8' });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? String(error));
  }
  await build({
    configFile: false,
    logLevel: 'error',
    root: source,
    base: './',
    build: { outDir: join(site, 'react') },
  });
}

/** What the element of a page says of itself. */
export const placeOf = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => document.querySelector<FaultlineLab>('faultline-lab')?.standing?.lines);

/** Sets attributes of the page's element, and returns the first problem that it then tells. */
export function problemOf(
  page: Page,
  attributes: Readonly<Record<string, string>>,
): Promise<LabProblem> {
  return page.evaluate((attributes) => {
    const lab = document.querySelector<FaultlineLab>('faultline-lab');
    return new Promise<LabProblem>((told) => {
      lab?.addEventListener('faultline-error', ({ detail }) => told(detail), { once: true });
      for (const [name, value] of Object.entries(attributes)) lab?.setAttribute(name, value);
    });
  }, attributes);
}
