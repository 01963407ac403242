// `npm run --silent memory` measures how much memory the page takes with a small and a large machine. It prints a table, or
// one JSON object with --json, on standard output; all else goes to standard error.

import { join } from 'node:path';
import { root } from './lib/command.mjs';
import { count, readOptions } from './lib/options.mjs';
import { pageMemory } from './lib/page-memory.mjs';
import { waitFor } from './lib/patience.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

const usage =
  'usage: npm run --silent memory -- [--frames N] [--slots N] [--processes N] [--pages N] [--json]';

function readCall() {
  const values = readOptions(usage, {
    frames: { type: 'string', default: '16384' },
    slots: { type: 'string', default: '24576' },
    processes: { type: 'string', default: '40' },
    pages: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  });
  return {
    size: {
      frames: count(usage, 'frames', values.frames),
      slots: count(usage, 'slots', values.slots),
      processes: count(usage, 'processes', values.processes),
      pages: count(usage, 'pages', values.pages),
    },
    json: values.json,
  };
}

const small = { frames: 64, slots: 256, processes: 1, pages: 32, written: true };

commentOnStandardError();
await command(2, async () => {
  const { size, json } = readCall();
  await makeEngineReady();
  const measured = [];
  for (const [name, of] of /** @type {const} */ ([
    ['a machine of 64 frames', small],
    ['the machine, its processes spawned', { ...size, written: false }],
    ['the machine, all their pages written', { ...size, written: true }],
  ])) {
    const { page, blank } = await pageMemory(of, join(root, 'web', 'dist'), waitFor);
    measured.push({ name, page_mib: page, blank_mib: blank, more_mib: page - blank });
  }
  if (json) process.stdout.write(`${JSON.stringify(measured)}\n`);
  else {
    const rows = measured.map(
      ({ name, ...of }) =>
        `| ${name} | ${[of.page_mib, of.blank_mib, of.more_mib].map((mib) => mib.toFixed(0)).join(' | ')} |\n`,
    );
    process.stdout.write(
      `${size.frames} frames, ${size.slots} slots, ${size.processes} processes of ${size.pages} pages\n\n` +
        '| MiB that the process has to itself | page | about:blank | more |\n|---|---:|---:|---:|\n' +
        rows.join(''),
    );
  }
});
