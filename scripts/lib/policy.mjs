// The policies of the page, for its host's headers and its own meta element: it runs its own scripts and no other.

/**
 * The headers of isolation, without which a page has no shared memory, and so no real threads. The last isolates a page in
 * a frame too, whatever the page around it does; a browser that does not know it passes over it.
 */
export const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Document-Isolation-Policy': 'isolate-and-require-corp',
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

/** The policy of the built page. An address becomes a script only through `engine/trusted.ts`. */
export const contentPolicy = spelt({
  ...rules,
  'require-trusted-types-for': "'script'",
  'trusted-types': 'faultline',
});

/**
 * The policy of `npm start`: Vite puts style sheets into the page, talks over a socket, waits in a worker of its own for a
 * server that comes back, and shows errors as markup.
 */
export const developmentPolicy = spelt({
  ...rules,
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
  'worker-src': "'self' blob:",
});
