// Serves the built page as a static host would, to this computer alone unless asked otherwise, with or without isolation.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { contentPolicy, isolation } from './policy.mjs';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * @param {string} folder
 * @param {{isolated?: boolean, prefix?: string, host?: string, policy?: string, readers?: string, before?: (file: string) => Promise<void> | void}} [options]
 *   whether to send the headers that shared memory needs, below which path the files stand ("/" by default), at which of
 *   the computer's addresses; with those headers, the content's policy, and whose pages may have it in them; and what is
 *   awaited before a file is served
 * @returns {Promise<{address: string, close: () => Promise<void>}>}
 */
export function serveFolder(
  folder,
  {
    isolated = true,
    prefix = '/',
    host = '127.0.0.1',
    policy = contentPolicy,
    readers = 'same-origin',
    before = () => undefined,
  } = {},
) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const inside = path.startsWith(prefix) ? path.slice(prefix.length) : null;
    let file = inside === null ? '' : join(folder, normalize(`/${inside}`));
    const found = file === '' ? null : await stat(file).catch(() => null);
    if (found?.isDirectory()) file = join(file, 'index.html');
    const size = await stat(file).then(
      (info) => info.size,
      () => null,
    );
    if (size === null) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('not found\n');
      return;
    }
    await before(file);
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': size,
      'Cache-Control': 'no-store',
      ...(isolated && {
        ...isolation,
        'Content-Security-Policy': policy,
        'Cross-Origin-Resource-Policy': readers,
      }),
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((done, fail) => {
    server.on('error', fail);
    server.listen(0, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      done({
        address: `http://${host}:${port}${prefix}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
