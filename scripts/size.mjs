// `npm run size`: what a visit has to fetch, file by file, as it is and compressed. Builds what is not current.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { root } from './lib/command.mjs';
import { makePageReady } from './lib/ready.mjs';
import { commentOnStandardError, explain } from './lib/steps.mjs';

/** @typedef {{name: string, plain: number, gzip: number, brotli: number}} Row */

/**
 * @param {string} name
 * @param {Buffer} bytes
 * @returns {Row}
 */
function measured(name, bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  return { name, plain: bytes.length, gzip: gzip.length, brotli: brotli.length };
}

/** @param {string} name @param {Row[]} rows @returns {Row} */
function sum(name, rows) {
  const total = { name, plain: 0, gzip: 0, brotli: 0 };
  for (const row of rows) {
    total.plain += row.plain;
    total.gzip += row.gzip;
    total.brotli += row.brotli;
  }
  return total;
}

/** @param {Row} row */
function line({ name, plain, gzip, brotli }) {
  const numbers = [plain, gzip, brotli].map((size) => (size / 1000).toFixed(1).padStart(9));
  return `${name.padEnd(34)}${numbers.join('')}`;
}

/** The files of the page itself: neither the command line's runner nor what a scenario may ask for. */
function pageFiles() {
  const dist = join(root, 'web', 'dist');
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^\.|runner/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => ['.html', '.js', '.css', '.wasm'].includes(extname(file)))
    .map((file) => ({ name: file.slice(dist.length + 1), bytes: readFileSync(file) }))
    .sort((a, b) => b.bytes.length - a.bytes.length);
}

commentOnStandardError();
try {
  await makePageReady();
  const files = pageFiles();
  const rows = files.map(({ name, bytes }) => measured(name.replace(/^assets\//, ''), bytes));
  console.log(
    `${'kB'.padEnd(34)}${['plain', 'gzip', 'brotli'].map((word) => word.padStart(9)).join('')}`,
  );
  for (const row of rows) console.log(line(row));
  const script = rows.filter(({ name }) => name.endsWith('.js'));
  console.log(line(sum('all JavaScript', script)));
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
