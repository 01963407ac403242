// Installs and builds what commands need: tools for native programs; packages, engine and page; a browser.

import {
  checkCompiler,
  checkNode,
  installBrowser,
  installPackages,
  installRust,
  installRustToBuild,
} from './prerequisites.mjs';
import { step, together } from './steps.mjs';
import { beginModules, buildPage } from './wasm.mjs';

/** @param {() => Promise<string>} toolchain */
const installCompilers = (toolchain) =>
  together(
    step('install the Rust toolchain', toolchain),
    step('look for a C compiler', checkCompiler),
  );

/** Installs the tools that build native programs, and check them. */
export async function makeNativeReady() {
  await step('look at Node', checkNode);
  await installCompilers(installRust);
}

/** Begins to install the packages of npm, and to build the engine for the page and what builds it. */
export async function beginEngine() {
  await step('look at Node', checkNode);
  const packages = step('install npm packages', installPackages);
  return { packages, builds: beginModules(() => installCompilers(installRustToBuild), packages) };
}

/** Installs the tools that build the page, and builds the engine for it. */
export async function makeModulesReady() {
  const { packages, builds } = await beginEngine();
  await together(packages, ...builds.map(({ ready }) => ready));
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
