// Starts the system's Chromium without a window, for the scenario command and the page's tests.

import { chromium } from 'playwright-core';
import { Failure } from './command.mjs';
import { findBrowser } from './prerequisites.mjs';

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchBrowser() {
  const executablePath = findBrowser();
  if (executablePath === null) {
    throw new Failure(
      'there is no Chromium',
      'sudo apt-get update && sudo apt-get install -y chromium',
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    // Root has no sandbox; nobody else may go without it.
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
    ],
  });
}
