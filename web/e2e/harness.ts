// Serves the built page to its tests on a static host, and opens it in one real browser.

import { resolve } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { waitFor } from '../../scripts/lib/patience.mjs';
import { serveFolder } from '../../scripts/lib/static-server.mjs';

const dist = resolve(import.meta.dirname, '../dist');

let connection: Promise<Browser> | undefined;

/** The browser of all tests. It stays when a file of tests is over. */
export function theBrowser(): Promise<Browser> {
  connection ??= chromium.connect(inject('browser'));
  return connection;
}

/** A browser profile of its own, whose pages wait as long as a busy machine needs. Whoever asks closes it. */
export async function newProfile(preferences: BrowserContextOptions = {}): Promise<BrowserContext> {
  const profile = await (await theBrowser()).newContext(preferences);
  profile.setDefaultTimeout(waitFor);
  return profile;
}

export interface Site {
  /** Opens a page of the site in a tab of its own, which is closed after the test. */
  open(path?: string): Promise<Page>;
  /** The site's address, which ends in a slash. */
  address(): string;
  /** Ends the host, as if the network were gone. */
  unplug(): Promise<void>;
}

interface SiteOptions {
  isolated?: boolean;
  prefix?: string;
  /** Whether each tab belongs to somebody who has never been here; else the first visit is over. */
  firstVisit?: boolean;
  /** How the visitor's browser differs from the usual one. */
  browser?: BrowserContextOptions;
  /** Kept out unless a test is about them: what they keep would stand between a test and its host. */
  serviceWorkers?: 'allow' | 'block';
}

/**
 * Serves the built page for the tests of this file. After each test the tabs are closed, and what
 * they wrote to the console as errors, or threw, fails the test unless it asked `expectErrors`.
 */
export function useSite({
  serviceWorkers = 'block',
  firstVisit = false,
  browser: preferences = {},
  ...options
}: SiteOptions = {}): Site {
  let host: Awaited<ReturnType<typeof serveFolder>>;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    host = await serveFolder(dist, options);
  });
  afterAll(async () => {
    await host?.close();
  });
  afterEach(async () => {
    await context?.close();
    context = undefined;
    const found = errors.splice(0);
    if (!tolerated) expect(found, 'errors that the page reported').toEqual([]);
    tolerated = false;
  });

  return {
    async open(path = '') {
      context ??= await newProfile({
        viewport: { width: 1280, height: 800 },
        serviceWorkers,
        ...preferences,
      });
      if (!firstVisit) await context.addInitScript(skipStory);
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(`${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(host.address + path);
      return page;
    },
    address: () => host.address,
    unplug: () => host.close(),
  };
}

/** Run in a page before anything else: its visitor was here before. Where nothing is kept, nothing can be skipped. */
export function skipStory(): void {
  try {
    localStorage.setItem('faultline.story', 'begun');
  } catch {}
}

const errors: string[] = [];
let tolerated = false;

/** For a test that breaks something on purpose: errors on the console do not fail it. */
export function expectErrors(): void {
  tolerated = true;
}
