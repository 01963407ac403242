// `npm run soak`: storms on real threads until a hundred million accesses are made; with --scarce, random scripts on
// machines that are short of frames and slots. Options go to the program, `npm run soak -- --help` tells them;
// crate/engine/examples/soak says what it does.

import { runExample } from './lib/example.mjs';

await runExample('soak');
