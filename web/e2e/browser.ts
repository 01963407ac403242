// Starts one Chromium for all tests of the page, in which each has a profile of its own.

import type { TestProject } from 'vitest/node';
import { serveBrowser } from '../../scripts/lib/browser.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to connect to it. */
    browser: string;
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await serveBrowser();
  provide('browser', server.wsEndpoint());
  return () => server.close();
}
