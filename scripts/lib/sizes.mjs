// Measures the sizes of the built page's files, as they are and compressed.

import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

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
export function sum(name, rows) {
  const total = { name, plain: 0, gzip: 0, brotli: 0 };
  for (const row of rows) {
    total.plain += row.plain;
    total.gzip += row.gzip;
    total.brotli += row.brotli;
  }
  return total;
}

/** Formats a row in thousands of bytes. @param {Row} row */
export function line({ name, plain, gzip, brotli }) {
  const numbers = [plain, gzip, brotli].map((size) => (size / 1000).toFixed(1).padStart(9));
  return `${name.padEnd(38)}${numbers.join('')}`;
}

export const head = `${'kB'.padEnd(38)}${['plain', 'gzip', 'brotli'].map((word) => word.padStart(9)).join('')}`;

/**
 * Measures the files of the page itself, largest first, without the command line's runner.
 * @param {string} dist
 */
export function pageSizes(dist) {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^\.|runner/.test(entry.name))
    .filter((entry) => ['.html', '.js', '.css', '.wasm'].includes(extname(entry.name)))
    .map((entry) => measured(entry.name, readFileSync(join(entry.parentPath, entry.name))))
    .sort((a, b) => b.plain - a.plain);
}
