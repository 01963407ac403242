// `npm run --silent miss-counts -- TRACE`: how often a published trace faults on the real machine, by policy and
// frames. Options go to the program, `--help` tells them; crate/engine/examples/miss_counts.rs says what it does.

import { runExample } from './lib/example.mjs';

await runExample('miss_counts');
