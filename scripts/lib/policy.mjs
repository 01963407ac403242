// What the page may do, as its host's headers and its own meta element say it: run its own scripts and no other.

/** Without these two headers a page has no shared memory, and so no real threads. */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const rules = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self' data: blob:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};

/** @param {Record<string, string>} lines */
const spelt = (lines) =>
  Object.entries(lines)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

/** Of the built page. An address becomes a script only through the page's own policy, `engine/trusted.ts`. */
export const contentPolicy = spelt({
  ...rules,
  'require-trusted-types-for': "'script'",
  'trusted-types': 'faultline',
});

/** Of `npm start`: Vite puts style sheets into the page, talks over a socket, and shows errors as markup. */
export const developmentPolicy = spelt({
  ...rules,
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
});
