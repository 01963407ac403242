// One Chromium for all tests of the page, each of which has a profile of its own in it.

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
