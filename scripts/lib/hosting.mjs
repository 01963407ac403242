// Says how the folder of the built page is hosted: with the headers of isolation, without them, and by which workflow.

import { isolation } from './policy.mjs';

/** @returns {string} what follows the words that the folder is ready */
export function waysToHost() {
  const headers = Object.entries(isolation).map(([name, value]) => `     ${name}: ${value}`);
  return `copy it to any static host, into any folder, and open the folder with its last slash.
   Over https, or on localhost, the page gives itself what threads need: the first visit loads it twice.
   A host that sends these headers saves that, and threads run in private windows without service workers, too:
${headers.join('\n')}
   Over plain http, machines run on virtual CPUs alone, and nothing is kept for offline use.
   On GitHub .github/workflows/pages.yml does all of it, for a fork too, once Settings, Pages, Source says "GitHub Actions".`;
}
