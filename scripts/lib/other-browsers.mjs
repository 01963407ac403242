// Finds or installs the browsers besides Chromium that the page is tested in, as Debian has them: Firefox, and WebKitGTK
// with its driver and a display in memory.

import { existsSync } from 'node:fs';
import { Failure, which } from './command.mjs';
import { installDebianPackages } from './prerequisites.mjs';

export function findFirefox() {
  return which('firefox-esr') ?? which('firefox');
}

/** The programs by which WebKitGTK is driven, or null. */
export function findWebKit() {
  const driver = which('WebKitWebDriver');
  const display = which('Xvfb');
  const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => `/usr/lib/${name}`);
  const miniBrowser = [...folders, '/usr/libexec', '/usr/lib']
    .flatMap((folder) => ['4.1', '6.0'].map((api) => `${folder}/webkit2gtk-${api}/MiniBrowser`))
    .find((file) => existsSync(file));
  if (driver === null || display === null || miniBrowser === undefined) return null;
  return { driver, display, miniBrowser };
}

/** The other browsers, each with what of Debian it is in. */
export const otherBrowsers = [
  { name: 'Firefox', packages: ['firefox-esr'], find: findFirefox },
  { name: 'WebKitGTK', packages: ['webkit2gtk-driver', 'xvfb'], find: findWebKit },
];

/** What to do to have such a browser. @param {{packages: string[]}} browser */
export const cureFor = ({ packages }) => `sudo apt-get install -y ${packages.join(' ')}`;

/**
 * Installs those that are not there and can be installed, and says of the others how. Without one of them the others are
 * tested all the same.
 */
export async function installOtherBrowsers() {
  const missing = otherBrowsers.filter(({ find }) => find() === null);
  if (missing.length === 0) return 'already there';
  const names = missing.map(({ name }) => name).join(' and ');
  const packages = missing.flatMap((browser) => browser.packages);
  try {
    await installDebianPackages(packages, `there is no ${names}`);
    return `${packages.join(', ')} installed`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.message}: not tested; to have it: ${cureFor({ packages })}`;
  }
}
