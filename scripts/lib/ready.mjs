// Installs and builds what commands need: tools for native programs; packages, engine and page; a browser.

import {
  checkCompiler,
  checkNode,
  installBrowser,
  installPackages,
  installRust,
  installWasmBindgen,
} from './prerequisites.mjs';
import { step } from './steps.mjs';
import { buildPage, buildWasm } from './wasm.mjs';

/** Installs the tools that build native programs. */
export async function makeNativeReady() {
  await step('look at Node', checkNode);
  await step('install the Rust toolchain', installRust);
  await step('look for a C compiler', checkCompiler);
}

/** Installs the tools that build the page, and builds the engine for it. */
export async function makeModulesReady() {
  await makeNativeReady();
  await step('install npm packages', installPackages);
  await step('install wasm-bindgen', installWasmBindgen);
  await step('build the engine for the browser', buildWasm);
}

/** Does the same, and builds the page itself. */
export async function makePageReady() {
  await makeModulesReady();
  await step('build the page', buildPage);
}

/** Does all of that, and installs a browser. */
export async function makeEngineReady() {
  await step('look for Chromium', installBrowser);
  await makePageReady();
}
