// Drives WebKitGTK by its own WebDriver, on a display that exists only in memory.

import { createServer } from 'node:net';
import { leastWait, waitFor } from '../../scripts/lib/patience.mjs';
import {
  calling,
  clicking,
  type Driver,
  eventually,
  load,
  middleOf,
  pressing,
  VIEWPORT,
  type Visitor,
} from './driver.ts';
import { start } from './programs.ts';

async function send(address: string, method: string, body?: object): Promise<unknown> {
  const answer = await fetch(address, {
    method,
    signal: AbortSignal.timeout(waitFor),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: unknown };
  if (!answer.ok) throw new Error(`${address}: ${JSON.stringify(value)}`);
  return value;
}

async function visit(
  driver: string,
  miniBrowser: string,
): Promise<{ visitor: Visitor; version: string }> {
  const options = { binary: miniBrowser, args: ['--automation'] };
  const { sessionId, capabilities } = (await send(`${driver}/session`, 'POST', {
    capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const session = `${driver}/session/${sessionId}`;
  const post = (path: string, body: object) => send(`${session}/${path}`, 'POST', body);
  await post('timeouts', { script: leastWait, pageLoad: waitFor });
  await post('window/rect', { x: 0, y: 0, ...VIEWPORT });
  const ask: Visitor['ask'] = async (question, given) => {
    // Not one that is waited for: where the page is just leaving its process, no answer would ever come.
    const script = `return (${calling(question)})(arguments[0])`;
    const value = await post('execute/sync', { script, args: [JSON.stringify(given ?? null)] });
    return JSON.parse(`${value}`);
  };
  const act = (source: object) => post('actions', { actions: [source] });
  const visitor: Visitor = {
    async open(url) {
      await post('frame', { id: null });
      await load(visitor, () => post('url', { url }));
    },
    reload: () => load(visitor, () => post('refresh', {})),
    ask,
    async press(key) {
      await act(pressing(key));
    },
    async click(selector) {
      await act(clicking(await ask(middleOf, selector)));
    },
    async enterFrame() {
      await eventually(() => post('frame', { id: 0 }).then(() => true));
    },
    errors: () => undefined,
    async leave() {
      await send(session, 'DELETE');
    },
  };
  return { visitor, version: capabilities.browserVersion };
}

/** A port that nobody listens on. */
function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** The programs that it takes, where they are. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly miniBrowser: string;
  readonly display: string;
}

/** Starts the driver. If it is `shared`, the browser has the shared memory that it knows, and does not offer by itself. */
export async function startWebKit(
  { driver, miniBrowser, display }: WebKitPrograms,
  shared: boolean,
): Promise<Driver> {
  const size = `${VIEWPORT.width}x${VIEWPORT.height}x24`;
  // It says the number of the screen that it has found free.
  const screen = await start(
    display,
    ['-displayfd', '1', '-screen', '0', size, '-nolisten', 'tcp'],
    /^(\d+)\n/m,
  );
  const port = await freePort();
  const program = await start(driver, [`--port=${port}`], undefined, {
    DISPLAY: `:${screen.said[1]}`,
    // Layers would be put together by a graphics card that is not there.
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    ...(shared && { JSC_useSharedArrayBuffer: '1' }),
  });
  const address = `http://127.0.0.1:${port}`;
  await eventually(() => send(`${address}/status`, 'GET').then(() => true));
  let version = '';
  return {
    get version() {
      return version;
    },
    async visit() {
      const came = await visit(address, miniBrowser);
      version = came.version;
      return came.visitor;
    },
    async close() {
      await program.end();
      await screen.end();
    },
  };
}
