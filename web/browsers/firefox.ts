// Drives Firefox by WebDriver BiDi, which it speaks over a socket of its own without a driver beside it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';
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

/** What Firefox is to leave alone while it is tested: everything that would ask the network or the visitor. */
const PREFERENCES: Readonly<Record<string, unknown>> = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.server': '',
};

interface Message {
  readonly id?: number;
  readonly type?: string;
  readonly method?: string;
  readonly result?: unknown;
  readonly message?: string;
  readonly params?: {
    readonly level?: string;
    readonly text?: string;
    readonly source?: { readonly context?: string };
  };
}

type Command = <Result = unknown>(method: string, params: object) => Promise<Result>;

/** Opens a session. Each command is numbered, and so is its answer; the rest are events. */
async function connect(
  address: string,
  onEvent: (event: Message) => void,
): Promise<{ command: Command; close: () => void }> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (answer: Message) => void>();
  await new Promise<void>((done, fail) => {
    socket.once('open', () => done());
    socket.once('error', fail);
  });
  socket.on('message', (data) => {
    const message: Message = JSON.parse(String(data));
    if (message.id === undefined) onEvent(message);
    else waiting.get(message.id)?.(message);
  });
  socket.on('close', () => {
    for (const answer of waiting.values()) answer({ type: 'error', message: 'Firefox has gone' });
  });
  let count = 0;
  const command: Command = (method, params) =>
    new Promise((done, fail) => {
      const id = count++;
      waiting.set(id, ({ type, result, message }) => {
        waiting.delete(id);
        if (type === 'error') fail(new Error(`${method}: ${message}`));
        else done(result as never);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  return { command, close: () => socket.close() };
}

/** An answer to a call, as BiDi writes it. */
interface Called {
  readonly type: string;
  readonly result?: { readonly value: string };
  readonly exceptionDetails?: { readonly text: string };
}

interface Tree {
  readonly contexts: readonly { readonly children: readonly { readonly context: string }[] }[];
}

async function visit(
  command: Command,
  hear: (listener: (event: Message) => void) => void,
): Promise<Visitor> {
  const { userContext } = await command<{ userContext: string }>('browser.createUserContext', {});
  const { context } = await command<{ context: string }>('browsingContext.create', {
    type: 'tab',
    userContext,
  });
  await command('browsingContext.setViewport', { context, viewport: VIEWPORT });
  const errors: string[] = [];
  hear(({ params }) => {
    if (params?.level === 'error' && params.source?.context === context)
      errors.push(params.text ?? '');
  });
  let asked = context;
  const act = (source: object) =>
    command('input.performActions', { context: asked, actions: [source] });
  const ask: Visitor['ask'] = async (question, given) => {
    const { result, exceptionDetails } = await command<Called>('script.callFunction', {
      functionDeclaration: calling(question),
      arguments: [{ type: 'string', value: JSON.stringify(given ?? null) }],
      target: { context: asked },
      awaitPromise: false,
      userActivation: true,
    });
    if (result === undefined) throw new Error(exceptionDetails?.text);
    return JSON.parse(result.value);
  };
  const visitor: Visitor = {
    open(url) {
      asked = context;
      return load(visitor, () =>
        command('browsingContext.navigate', { context, url, wait: 'complete' }),
      );
    },
    reload: () =>
      load(visitor, () => command('browsingContext.reload', { context, wait: 'complete' })),
    ask,
    async press(key) {
      await act(pressing(key));
    },
    async click(selector) {
      await act(clicking(await ask(middleOf, selector)));
    },
    async enterFrame() {
      asked = await eventually(async () => {
        const { contexts } = await command<Tree>('browsingContext.getTree', { root: context });
        return contexts[0]?.children[0]?.context;
      });
    },
    errors: () => errors,
    async leave() {
      await command('browser.removeUserContext', { userContext });
    },
  };
  return visitor;
}

export async function startFirefox(program: string): Promise<Driver> {
  const profile = mkdtempSync(join(tmpdir(), 'faultline-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join('\n'));
  const parameters = ['--headless', '--no-remote', '--remote-debugging-port=0'];
  const { said, end } = await start(
    program,
    [...parameters, '--profile', profile],
    /WebDriver BiDi listening on (ws:\S+)/,
  );
  let listener: (event: Message) => void = () => undefined;
  const { command, close } = await connect(`${said[1]}/session`, (event) => listener(event));
  const { capabilities } = await command<{ capabilities: { browserVersion: string } }>(
    'session.new',
    { capabilities: {} },
  );
  await command('session.subscribe', { events: ['log.entryAdded'] });
  const hear = (next: typeof listener) => {
    listener = next;
  };
  return {
    version: capabilities.browserVersion,
    visit: () => visit(command, hear),
    async close() {
      close();
      await end();
      rmSync(profile, { recursive: true, force: true, maxRetries: 9 });
    },
  };
}
