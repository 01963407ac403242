// What a command needs that builds the page, or runs the engine in a browser: tools, packages, engine and page.

import {
  checkCompiler,
  checkNode,
  installBrowser,
  installPackages,
  installRust,
  installWasmBindgen,
} from './prerequisites.mjs';
import { commentOnStandardError, step } from './steps.mjs';
import { buildPage, buildWasm } from './wasm.mjs';

/** Installs what the page is built with, and builds it. */
export async function makePageReady() {
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
  await step('install npm packages', installPackages);
  await step('install wasm-bindgen', installWasmBindgen);
  await step('build the engine for the browser', buildWasm);
  await step('build the page', buildPage);
}

/** The same with a browser. Comments go to standard error, so that standard output is the command's own. */
export async function makeEngineReady() {
  commentOnStandardError();
  await step('look for Chromium', installBrowser);
  await makePageReady();
}
