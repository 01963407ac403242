// `npm run --silent browsers` tests the page in each browser that is there or can be installed, and prints one table:
// browsers by behaviours. Whatever else there is to say goes to standard error.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserTableOf } from './lib/browser-table.mjs';
import { attempt } from './lib/command.mjs';
import { installOtherBrowsers } from './lib/other-browsers.mjs';
import { makeEngineReady } from './lib/ready.mjs';
import { command, commentOnStandardError, step } from './lib/steps.mjs';

commentOnStandardError();
await command(1, async () => {
  await makeEngineReady();
  await step('look for other browsers', installOtherBrowsers);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    const parameters = ['run', '--project', 'browsers', ...reporters];
    const { status } = await attempt('vitest', parameters, { output: 'stderr' });
    console.log(browserTableOf(report));
    return status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
