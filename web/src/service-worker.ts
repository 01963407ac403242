// The page's service worker. It keeps the whole of one build, so that the page opens without a network, and adds
// the headers that shared memory needs where the host does not send them.
//
// A build is kept or it is not: every file is fetched with the digest that the build wrote down, so that one
// deployed halfway is never taken. A new build waits until the page asks for it; until then the old one is whole.

interface Moment {
  waitUntil(work: Promise<unknown>): void;
}

/** What is used of a service worker's global scope; the types of a page and of a worker do not mix. */
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Moment) => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
}

const worker = globalThis as unknown as Scope;

/** The files of this build with their digests, and its name: put in by the build. */
declare const FILES: Readonly<Record<string, string>>;
declare const BUILD: string;

const scope = worker.registration.scope;
const prefix = `faultline ${scope} `;
const cacheName = prefix + BUILD;

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Document-Isolation-Policy': 'isolate-and-require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** The file of this build that an address means, or none. */
function fileOf(address: string): string | undefined {
  const { origin, pathname } = new URL(address);
  const inside = `${origin}${pathname}`;
  if (!inside.startsWith(scope)) return undefined;
  const file = inside.slice(scope.length) || 'index.html';
  return Object.hasOwn(FILES, file) ? file : undefined;
}

async function keepBuild(): Promise<void> {
  const cache = await caches.open(cacheName);
  await Promise.all(
    Object.entries(FILES).map(async ([file, integrity]) => {
      const address = new URL(file, scope).href;
      const answer = await fetch(new Request(address, { cache: 'no-cache', integrity }));
      if (!answer.ok) throw new Error(`${file}: ${answer.status}`);
      await cache.put(address, answer);
    }),
  );
}

async function dropOtherBuilds(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
}

function isolated(answer: Response): Response {
  // An opaque or failed answer cannot be made anew.
  if (answer.status === 0 || answer.type === 'opaque') return answer;
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  const { status, statusText } = answer;
  const body = status === 204 || status === 304 ? null : answer.body;
  return new Response(body, { status, statusText, headers });
}

async function answerFor(request: Request): Promise<Response> {
  const file = fileOf(request.url);
  if (file !== undefined) {
    const cache = await caches.open(cacheName);
    const kept = await cache.match(new URL(file, scope).href);
    if (kept !== undefined) return isolated(kept);
  }
  return isolated(await fetch(request));
}

worker.addEventListener('install', (event) => event.waitUntil(keepBuild()));

worker.addEventListener('activate', (event) =>
  event.waitUntil(dropOtherBuilds().then(() => worker.clients.claim())),
);

worker.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  event.respondWith(answerFor(request));
});
