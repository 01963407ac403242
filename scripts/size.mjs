// `npm run size` measures what a visit has to fetch, file by file, as it is and compressed. It builds what is not current.

import { join } from 'node:path';
import { root } from './lib/command.mjs';
import { makePageReady } from './lib/ready.mjs';
import { head, line, pageSizes, sum } from './lib/sizes.mjs';
import { command, commentOnStandardError } from './lib/steps.mjs';

commentOnStandardError();
await command(1, async () => {
  await makePageReady();
  const rows = pageSizes(join(root, 'web', 'dist'));
  console.log(head);
  for (const row of rows) console.log(line(row));
  const script = rows.filter(({ name }) => name.endsWith('.js'));
  console.log(line(sum('all JavaScript', script)));
});
