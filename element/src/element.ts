/** `<faultline-lab>` is an element that shows Faultline's page, or panels of it, in a frame, and runs a scenario there. */

import type { Report } from '../../web/src/generated/types.d.ts';
import {
  checkPlace,
  LabError,
  readPage,
  readPanels,
  readPlace,
  readScenario,
  readTheme,
  readUnit,
  refusal,
} from './attributes.ts';
import { type Answer, Connection, type News } from './connection.ts';
import type { ElementWithEvents, FaultlineLabEvents } from './events.ts';
import type { Given, PanelName, Place, Standing, Theme, Unit, Wish } from './protocol.ts';

/** The height until the page has told its own. */
const FIRST_HEIGHT = '420px';

/** Where there are no elements, as on a server, the class can be loaded all the same. */
const Base = (globalThis.HTMLElement ?? class {}) as new () => ElementWithEvents;

export class FaultlineLab extends Base {
  static readonly observedAttributes = [
    'page',
    'scenario',
    'panels',
    'place',
    'theme',
    'autoplay',
    'label',
  ];

  readonly #root: ShadowRoot;
  /** The element's own height is a rule of its shadow, which any rule of the document goes before. */
  readonly #sheet: CSSStyleSheet;
  #connection: Connection | undefined;
  #standing: Standing | undefined;
  #shownError: HTMLElement | undefined;
  /** What has changed since the last look: a new frame, or another scenario in it. */
  #due: { frame: boolean; scenario: boolean } | undefined;
  /** Counts scenarios, so that one that was fetched too late is dropped. */
  #scenarios = 0;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#sheet = new CSSStyleSheet();
    this.#sheet.replaceSync(
      `:host { display: flex; flex-direction: column; height: ${FIRST_HEIGHT} }
      :host([hidden]) { display: none }
      p { margin: 0; padding: 0.5em; border: 1px solid; overflow-wrap: anywhere }
      iframe { flex: 1; min-height: 0; width: 100%; border: 0 }`,
    );
    this.#root.adoptedStyleSheets = [this.#sheet];
  }

  /** The folder that the built page is served from; the package's own, beside this module, if it is not said. */
  get page(): string {
    return this.getAttribute('page') ?? new URL('./page/', import.meta.url).href;
  }
  set page(value: string) {
    this.setAttribute('page', value);
  }

  /** The scenario: JSON, lines of a script, a link, or the address of a file. */
  get scenario(): string {
    return this.getAttribute('scenario') ?? '';
  }
  set scenario(value: string | object) {
    this.setAttribute('scenario', typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** The panels, with commas between them. */
  get panels(): string {
    return this.getAttribute('panels') ?? '';
  }
  set panels(value: string | readonly PanelName[]) {
    this.setAttribute('panels', typeof value === 'string' ? value : value.join(','));
  }

  /** Where it stands at first: `start`, `end`, a number of lines, or `event` and a number. */
  get place(): string {
    return this.getAttribute('place') ?? '';
  }
  set place(value: string | number) {
    this.setAttribute('place', String(value));
  }

  /** `dark`, `light`, or `system`, which is as the reader's system has it. */
  get theme(): string {
    return this.getAttribute('theme') ?? 'system';
  }
  set theme(value: Theme) {
    this.setAttribute('theme', value);
  }

  /** Whether it plays by itself when it is opened; where motion is to be reduced it does not. */
  get autoplay(): boolean {
    return this.hasAttribute('autoplay');
  }
  set autoplay(value: boolean) {
    this.toggleAttribute('autoplay', value);
  }

  /** Where the machine stands now; nothing before a scenario is open. */
  get standing(): Standing | undefined {
    return this.#standing;
  }

  /** Runs what is left of the script, without showing how. */
  run(): Promise<Standing> {
    return this.#do(() => ({ ask: 'run' }));
  }

  /** Lets the run go on by itself, from its start if it is at its end; ends when it is paused, or over. */
  play(): Promise<Standing> {
    return this.#do(() => ({ ask: 'play' }));
  }

  pause(): Promise<Standing> {
    return this.#do(() => ({ ask: 'pause' }));
  }

  /** One line, event or fault on. */
  step(unit: Unit = 'line'): Promise<Standing> {
    return this.#do(() => ({ ask: 'step', unit: readUnit('step', unit) }));
  }

  /** One line, event or fault back. */
  back(unit: Unit = 'line'): Promise<Standing> {
    return this.#do(() => ({ ask: 'back', unit: readUnit('back', unit) }));
  }

  /** Goes straight to a place of the run. */
  go(place: Place): Promise<Standing> {
    return this.#do(() => ({ ask: 'go', place: checkPlace('go', place) }));
  }

  /** Runs what is left, audits the machine, and returns the report that the command prints. */
  report(): Promise<Report> {
    return this.#tried(async () => {
      const { report } = await this.#ask({ ask: 'report' });
      if (report !== undefined) return report;
      throw refusal('report', 'no report', 'a machine that runs to its end');
    });
  }

  connectedCallback(): void {
    this.#adopt();
    this.#change('frame');
  }

  disconnectedCallback(): void {
    this.#close();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected) return;
    if (name === 'page' || name === 'panels') this.#change('frame');
    else if (name === 'scenario' || name === 'place') this.#change('scenario');
    else if (name === 'theme') this.#applyTheme();
    else if (name === 'label' && this.#connection) this.#connection.frame.title = this.#label();
  }

  /** What was set on the element before it was defined stands in the way of its own properties. */
  #adopt(): void {
    for (const name of ['page', 'scenario', 'panels', 'place', 'theme', 'autoplay'] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  #label(): string {
    return this.getAttribute('label') ?? 'Faultline';
  }

  /** Several attributes that change at one time are one change. */
  #change(what: 'frame' | 'scenario'): void {
    const isFirst = this.#due === undefined;
    this.#due = { frame: false, scenario: false, ...this.#due, [what]: true };
    if (isFirst) queueMicrotask(() => this.#apply());
  }

  #apply(): void {
    const due = this.#due;
    this.#due = undefined;
    if (due === undefined || !this.isConnected) return;
    this.#shownError?.remove();
    if (due.frame) this.#open();
    if (this.#connection !== undefined) void this.#openScenario(this.#connection);
  }

  /** Reads an attribute; one that is not legal is told, and is as if it were not there. */
  #read<Value>(name: string, read: (value: string) => Value): Value | undefined {
    const value = this.getAttribute(name);
    if (value === null) return undefined;
    try {
      return read(value);
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #open(): void {
    this.#close();
    const own = () => readPage(this.page, document.baseURI);
    const page = this.hasAttribute('page') ? this.#read('page', own) : own();
    if (page === undefined) return;
    const connection: Connection = new Connection(
      {
        page,
        panels: this.#read('panels', readPanels) ?? [],
        theme: this.#read('theme', readTheme) ?? 'system',
        label: this.#label(),
      },
      (news) => {
        if (connection === this.#connection) this.#hear(news);
      },
      (error) => this.#fail(error),
    );
    this.#connection = connection;
    this.#root.append(connection.frame);
  }

  #close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#standing = undefined;
    this.#scenarios++;
  }

  async #openScenario(connection: Connection): Promise<void> {
    const mine = ++this.#scenarios;
    try {
      const value = this.getAttribute('scenario');
      const scenario = value === null ? undefined : await given(value);
      const place = this.#read('place', (word) => readPlace('place', word));
      if (mine !== this.#scenarios) return;
      await connection.ask({
        ask: 'open',
        play: this.autoplay,
        ...(scenario !== undefined && { scenario }),
        ...(place !== undefined && { place }),
      });
    } catch (error) {
      if (mine === this.#scenarios) this.#fail(error);
    }
  }

  #applyTheme(): void {
    const theme = this.hasAttribute('theme') ? this.#read('theme', readTheme) : 'system';
    // Without a frame it is part of the address of the next.
    if (theme !== undefined) this.#connection?.ask({ ask: 'theme', theme }).catch(() => undefined);
  }

  #ask(wish: Wish): Promise<Answer> {
    if (this.#due !== undefined && this.isConnected) this.#apply();
    if (this.#connection === undefined) {
      return Promise.reject(refusal(wish.ask, 'no page', 'an element that is in a document'));
    }
    return this.#connection.ask(wish);
  }

  /** Asks for something that moves the machine. */
  #do(make: () => Wish): Promise<Standing> {
    return this.#tried(async () => (await this.#ask(make())).standing);
  }

  /** Does what was called. Who passes over the error of its promise hears of it by the event. */
  async #tried<Result>(body: () => Promise<Result>): Promise<Result> {
    try {
      return await body();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
  }

  #hear(news: News): void {
    if (news.tell === 'step') {
      this.#standing = news.standing;
      this.#tell('faultline-step', news.standing);
    } else if (news.tell === 'faults') {
      this.#tell('faultline-faults', { faults: news.faults, missed: news.missed });
    } else if (news.tell === 'opened') {
      this.#standing = news.standing;
      this.#tell('faultline-ready', { ...news.opened, standing: news.standing });
    } else if (news.tell === 'problem') {
      this.#tell('faultline-error', news.problem);
    } else {
      const [host] = this.#sheet.cssRules;
      if (host instanceof CSSStyleRule) host.style.height = `${news.height}px`;
    }
  }

  /** Tells of an error, and shows it where nobody takes care of it. */
  #fail(error: unknown): void {
    const { problem } =
      error instanceof LabError ? error : refusal('faultline-lab', String(error), 'no error');
    if (!this.#tell('faultline-error', problem) || !this.isConnected) return;
    this.#shownError ??= document.createElement('p');
    this.#shownError.setAttribute('role', 'alert');
    this.#shownError.setAttribute('part', 'error');
    this.#shownError.textContent = problem.message;
    this.#root.prepend(this.#shownError);
  }

  #tell<Name extends keyof FaultlineLabEvents>(
    name: Name,
    detail: FaultlineLabEvents[Name]['detail'],
  ): boolean {
    const how = { bubbles: true, composed: true, cancelable: name === 'faultline-error' };
    return this.dispatchEvent(new CustomEvent(name, { detail, ...how }));
  }
}

/** A scenario as it is handed over to the page: one that has an address is fetched first. */
async function given(value: string): Promise<Given> {
  const source = readScenario(value, document.baseURI);
  if (!('url' in source)) return source;
  const legal = 'the address of a scenario that this page may read';
  let response: Response;
  try {
    response = await fetch(source.url);
  } catch (error) {
    throw refusal('scenario', `${source.url.href} (${String(error)})`, legal);
  }
  if (!response.ok) throw refusal('scenario', `${source.url.href} (${response.status})`, legal);
  return { text: await response.text() };
}
