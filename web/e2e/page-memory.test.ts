// A large machine takes memory where something was written, in the page as in the engine.

import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { pageMemory } from '../../scripts/lib/page-memory.mjs';
import { waitFor } from '../../scripts/lib/patience.mjs';

const dist = resolve(import.meta.dirname, '../dist');
const large = { frames: 16_384, slots: 24_576, processes: 40, pages: 1000 };

async function more(written: boolean): Promise<number> {
  const { page, blank } = await pageMemory({ ...large, written }, dist, waitFor);
  return page - blank;
}

// Frames and slots are 160 MiB. The bounds are generous: what the browser takes for any page differs with its version.
test.runIf(process.platform === 'linux')(
  'a30 a machine of 160 MiB takes less than that while nothing is written to its pages',
  async () => {
    expect(await more(false)).toBeLessThan(110);
  },
);

test.runIf(process.platform === 'linux')(
  'a30 swapped pages take what they hold, and not what they could',
  async () => {
    expect(await more(true)).toBeLessThan(260);
  },
);
