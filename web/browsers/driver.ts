// What each browser of these tests can do: open a page as somebody who has never been there, ask it, press its keys.

import { waitFor } from '../../scripts/lib/patience.mjs';

/** A visitor with a profile of its own, and the one page that is open. */
export interface Visitor {
  /** Opens an address, and returns when the page has loaded. */
  open(address: string): Promise<void>;
  /** Loads the page again. */
  reload(): Promise<void>;
  /** Calls a function in the page. What it is given and what it answers is JSON. */
  ask<Answer, Given = undefined>(
    question: (given: Given) => Answer,
    given?: Given,
  ): Promise<Answer>;
  /** Presses a key: a character, or one that `KEYS` names. */
  press(key: string): Promise<void>;
  /** Clicks in the middle of an element. */
  click(selector: string): Promise<void>;
  /** What is asked from now on is asked in the page's first frame. */
  enterFrame(): Promise<void>;
  /** What the page wrote to the console as errors, or threw; undefined where no driver tells. */
  errors(): readonly string[] | undefined;
  /** Ends the visit, and forgets the profile. */
  leave(): Promise<void>;
}

/** A browser that runs. It has one visitor at a time. */
export interface Driver {
  readonly version: string;
  visit(): Promise<Visitor>;
  close(): Promise<void>;
}

/** Keys that are no characters, with the characters by which WebDriver knows them. */
export const KEYS: Readonly<Record<string, string>> = {
  Enter: '\uE007',
  Escape: '\uE00C',
  End: '\uE010',
  Home: '\uE011',
};

/** What WebDriver is told to do with the keyboard: press a key. */
export function pressing(key: string): object {
  const value = KEYS[key] ?? key;
  const actions = [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ];
  return { type: 'key', id: 'keyboard', actions };
}

/** What WebDriver is told to do with the mouse: click at a place of the window. */
export function clicking([x, y]: readonly [number, number]): object {
  const actions = [
    { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  return { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions };
}

/** The size of the window's inside. */
export const VIEWPORT = { width: 1280, height: 800 };

/** The text of a function that a page is to call with JSON, and which answers with JSON. */
export const calling = (question: (given: never) => unknown): string =>
  `(given) => JSON.stringify((${question})(JSON.parse(given))) ?? 'null'`;

/** Run in the page: where an element is that is to be clicked. */
export function middleOf(selector: string): [number, number] {
  const element = document.querySelector(selector);
  if (element === null) throw new Error(`nothing is ${selector}`);
  element.scrollIntoView({ block: 'nearest' });
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}

/** Tries again until there is an answer, however slow the machine is. */
export async function eventually<Answer>(
  attempt: () => Promise<Answer | undefined>,
  told: () => string = () => '',
): Promise<Answer> {
  const last = Date.now() + waitFor;
  let reason = '';
  while (Date.now() < last) {
    try {
      const answer = await attempt();
      if (answer !== undefined) return answer;
    } catch (error) {
      // A page that is just being loaded again has no answer.
      reason = ` ${error}`;
    }
    await new Promise((later) => setTimeout(later, 50));
  }
  throw new Error(`waited in vain${told()}${reason}`);
}

/** Asks the page until the answer is the one that is waited for. */
export function until<Answer, Given = undefined>(
  visitor: Visitor,
  question: (given: Given) => Answer,
  is: (answer: Answer) => boolean,
  given?: Given,
): Promise<Answer> {
  let found: Answer | undefined;
  return eventually(
    async () => {
      found = await visitor.ask(question, given);
      return is(found) ? found : undefined;
    },
    () => ` for ${question} of ${given}; the last answer is ${JSON.stringify(found)}`,
  );
}

/** Loads another document, and waits until it has come: drivers say so before the old one is gone. */
export async function load(visitor: Visitor, go: () => Promise<unknown>): Promise<void> {
  await visitor.ask(() => Reflect.set(globalThis, 'isLeft', true));
  await go();
  const hasCome = () => document.readyState === 'complete' && !Reflect.has(globalThis, 'isLeft');
  await until(visitor, hasCome, (has) => has);
}
