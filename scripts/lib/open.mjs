// Opens the page in the person's browser, where there is one; never a reason to fail.

import { spawn } from 'node:child_process';
import { which } from './command.mjs';

/** @param {string} address */
export function openInBrowser(address) {
  const { BROWSER, CI, DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (BROWSER === 'none' || CI) return false;
  let opener = null;
  if (process.platform === 'darwin') opener = which('open');
  else if (DISPLAY || WAYLAND_DISPLAY) opener = which('xdg-open');
  if (opener === null) return false;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
  return true;
}
