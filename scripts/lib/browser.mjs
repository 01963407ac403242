// Starts the system's Chromium without a window, for the scenario command and the page's tests.

import { chromium } from 'playwright-core';
import { Failure } from './command.mjs';
import { waitFor } from './patience.mjs';
import { findBrowser } from './prerequisites.mjs';

/**
 * What Chromium is to do without. A switch that is said twice counts as it was said last, so what Playwright leaves out
 * and a page may meet is here again.
 */
const without = [
  // Pages of Chromium's own for its address bar, which it loads for every window.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

function options() {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new Failure(
      'there is no Chromium',
      'sudo apt-get update && sudo apt-get install -y chromium',
    );
  }
  return {
    executablePath,
    timeout: waitFor,
    headless: true,
    // Root has no sandbox; every other user has to have one.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // In a container /dev/shm can be too small for Chromium.
      '--disable-dev-shm-usage',
      `--disable-features=${without.join(',')}`,
    ],
  };
}

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchBrowser() {
  return chromium.launch(options());
}

/** Starts a browser that other processes connect to. @returns {Promise<import('playwright-core').BrowserServer>} */
export async function serveBrowser() {
  return chromium.launchServer(options());
}
