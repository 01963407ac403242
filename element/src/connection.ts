/** A connection is the frame of one page: the handshake with it, what is asked of it, and what it tells. */

import { LabError, refusal } from './attributes.ts';
import {
  type Asked,
  type Connect,
  isGreeting,
  type PanelName,
  PROTOCOL,
  type Theme,
  type Told,
  type Wish,
} from './protocol.ts';

/** What the page tells besides answers. */
export type News = Exclude<Told, { tell: 'answer' }>;
export type Answer = Extract<Told, { tell: 'answer' }>;

/** What a frame is made of. */
export interface FrameOptions {
  readonly page: URL;
  readonly panels: readonly PanelName[];
  readonly theme: Theme;
  /** What is read out for the frame. */
  readonly label: string;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: LabError) => void;
}

/** A page that is there says so before its frame has loaded, or soon after. */
const PATIENCE_MS = 8000;

function addressOf({ page, panels, theme }: FrameOptions): string {
  const url = new URL(page);
  url.searchParams.set('embed', '1');
  if (panels.length > 0) url.searchParams.set('panels', panels.join(','));
  if (theme !== 'system') url.searchParams.set('theme', theme);
  url.searchParams.set('host', location.origin);
  return url.href;
}

function makeFrame(options: FrameOptions): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = options.label;
  // Threads, where the pages of both origins are isolated; what the page copies and shows large.
  frame.allow = 'cross-origin-isolated; clipboard-write; fullscreen';
  frame.setAttribute('part', 'frame');
  frame.src = addressOf(options);
  return frame;
}

export class Connection {
  readonly frame: HTMLIFrameElement;
  readonly #origin: string;
  readonly #page: string;
  readonly #hear: (news: News) => void;
  readonly #fail: (error: LabError) => void;
  readonly #waiting = new Map<number, Waiting>();
  /** Wishes from before there was a port. */
  #early: Asked[] = [];
  #port: MessagePort | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(options: FrameOptions, hear: (news: News) => void, fail: (error: LabError) => void) {
    this.#origin = options.page.origin;
    this.#page = options.page.href;
    this.#hear = hear;
    this.#fail = fail;
    this.frame = makeFrame(options);
    addEventListener('message', this.#greeted);
    this.frame.addEventListener('load', this.#loaded);
  }

  /** Asks the page for something; the answer comes when it has been done. */
  ask(wish: Wish): Promise<Answer> {
    if (this.#isClosed) return Promise.reject(gone());
    const id = ++this.#lastId;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
    const asked: Asked = { ...wish, id };
    if (this.#port === undefined) this.#early.push(asked);
    else this.#port.postMessage(asked);
    return answer;
  }

  /** The frame goes; whoever waits for an answer hears that none will come. */
  close(): void {
    this.#isClosed = true;
    removeEventListener('message', this.#greeted);
    clearTimeout(this.#patience);
    this.#port?.close();
    this.frame.remove();
    for (const { reject } of this.#waiting.values()) reject(gone());
    this.#waiting.clear();
  }

  readonly #greeted = ({ source, origin, data }: MessageEvent): void => {
    const { contentWindow } = this.frame;
    if (contentWindow === null || source !== contentWindow || origin !== this.#origin) return;
    if (!isGreeting(data, 'here')) return;
    clearTimeout(this.#patience);
    if (data.protocol !== PROTOCOL) {
      const legal = `a page that speaks protocol ${PROTOCOL}: build it and this element from one version`;
      this.#fail(refusal('page', `protocol ${data.protocol} at ${this.#page}`, legal));
      return;
    }
    const { port1, port2 } = new MessageChannel();
    this.#port?.close();
    this.#port = port1;
    port1.onmessage = ({ data: told }: MessageEvent<Told>) => this.#told(told);
    const connect: Connect = { faultline: 'connect', protocol: PROTOCOL };
    contentWindow.postMessage(connect, this.#origin, [port2]);
    for (const asked of this.#early.splice(0)) port1.postMessage(asked);
  };

  #told(told: Told): void {
    if (this.#isClosed) return;
    if (told.tell !== 'answer') {
      this.#hear(told);
      return;
    }
    const waiting = this.#waiting.get(told.id);
    this.#waiting.delete(told.id);
    if (told.problem === undefined) waiting?.resolve(told);
    else waiting?.reject(new LabError(told.problem));
  }

  readonly #loaded = (): void => {
    if (this.#port !== undefined) return;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => {
      const legal =
        'the address of a built page, which this page’s policy (frame-src) and, where this page is isolated, that page’s headers allow in a frame';
      this.#fail(refusal('page', `no answer from ${this.#page}`, legal));
    }, PATIENCE_MS);
  };
}

/** The error of what was asked of a page that is no more. */
function gone(): LabError {
  return refusal('faultline-lab', 'the page has gone', 'an element that is in a document');
}
