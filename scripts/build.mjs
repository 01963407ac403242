// `npm run build`: the page for a static host, in web/dist.

import {
  checkCompiler,
  checkNode,
  installPackages,
  installRust,
  installWasmBindgen,
} from './lib/prerequisites.mjs';
import { elapsed, explain, say, step } from './lib/steps.mjs';
import { buildPage, buildWasm } from './lib/wasm.mjs';

try {
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('install npm packages', installPackages);
  await step('install wasm-bindgen', installWasmBindgen);
  await step('build the engine for the browser', buildWasm);
  await step('build the page', buildPage);
  say(`\nweb/dist is ready after ${elapsed()}: copy it to any static host.`);
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
