// `npm run element` builds element/dist, the package of `<faultline-lab>`: its modules, their types, and the page. `npm pack`
// in the folder element does so too, and makes the package of it; nothing is published.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './lib/command.mjs';
import { makePageReady } from './lib/ready.mjs';
import { command, elapsed, say, step } from './lib/steps.mjs';

const dist = join(root, 'element', 'dist');

/** What the sources import for their types alone, and what it is called in the package. */
const generated = 'web/src/generated/types.d.ts';
const types = 'types.d.ts';

/** Compiles the modules, and makes their types refer to the types in the package. */
async function compile() {
  rmSync(dist, { recursive: true, force: true });
  await run('tsc', ['--project', 'element'], {
    output: 'stderr',
    cure: 'see what tsc said above',
  });
  cpSync(join(root, generated), join(dist, types));
  for (const name of readdirSync(dist).filter((file) => file.endsWith('.d.ts') && file !== types)) {
    const file = join(dist, name);
    const text = readFileSync(file, 'utf8')
      .replaceAll(`../../${generated}`, './types.js')
      .replaceAll(/(from ["']\.\/[\w-]+)\.ts(["'])/g, '$1.js$2');
    writeFileSync(file, text);
  }
}

await command(1, async () => {
  await makePageReady();
  await step('compile the element', compile);
  cpSync(join(root, 'web', 'dist'), join(dist, 'page'), {
    recursive: true,
    filter: (file) => !/\.built-from$|[\\/]runner\b|[\\/]runner-[^\\/]*$/.test(file),
  });
  // What npm shows of a package, and packs from its folder alone.
  cpSync(join(root, 'docs', 'element.md'), join(root, 'element', 'README.md'));
  for (const name of ['LICENSE-APACHE', 'LICENSE-MIT']) {
    cpSync(join(root, name), join(root, 'element', name));
  }
  say(`
element/dist is ready after ${elapsed()}: npm pack in the folder element makes the package.`);
});
