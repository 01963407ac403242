/**
 * Reads the attributes of `<faultline-lab>`. What is not legal is refused with where it stands, what was found and what is
 * legal.
 */

import {
  ALSO_PANELS,
  type Given,
  type LabProblem,
  PANELS,
  type PanelName,
  type Place,
  THEMES,
  type Theme,
  UNITS,
  type Unit,
} from './protocol.ts';

/** An error that says where something is wrong, what was found there, and what is legal. */
export class LabError extends Error {
  override readonly name = 'LabError';
  readonly problem: LabProblem;

  constructor(problem: LabProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What is found can be a whole scenario: an error shows its beginning. */
const MOST_FOUND = 120;

/** Makes the error of a value that is not legal. */
export function refusal(where: string, value: unknown, legal: string): LabError {
  const said = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const found = said.length > MOST_FOUND ? `${said.slice(0, MOST_FOUND)}…` : said;
  const message = `${where}: found ${found === '' ? 'nothing' : found}; legal: ${legal}`;
  return new LabError({ where, found, legal, message });
}

/** A value that has to be one of a few words. */
function oneOf<Word extends string>(where: string, value: unknown, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw refusal(where, value, words.join(', '));
  return found;
}

export const readTheme = (value: unknown): Theme => oneOf('theme', value, THEMES);

export const readUnit = (where: string, value: unknown): Unit => oneOf(where, value, UNITS);

/** Reads names of panels, with commas or spaces between them. */
export function readPanels(value: string): PanelName[] {
  const names = value.split(/[\s,]+/).filter((name) => name !== '');
  const all = [...PANELS, ...Object.keys(ALSO_PANELS)];
  const read = (name: string) => {
    const panel = ALSO_PANELS[name] ?? PANELS.find((one) => one === name);
    if (panel === undefined) throw refusal('panels', name, all.join(', '));
    return panel;
  };
  if (names.length === 0) throw refusal('panels', value, all.join(', '));
  return names.map(read);
}

const PLACES = 'start, end, a number of lines, or event and a number of events';
/** No script and no run is longer. */
const LARGEST = 2 ** 53;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < LARGEST;

/** Reads a place in a run, as a program gives it: `'start'`, `'end'`, `3` or `{event: 17}`. */
export function checkPlace(where: string, value: unknown): Place {
  if (value === 'start' || value === 'end' || isCount(value)) return value;
  if (typeof value === 'object' && value !== null && 'event' in value && isCount(value.event)) {
    return { event: value.event };
  }
  if (typeof value === 'string') return readPlace(where, value);
  throw refusal(where, value, PLACES);
}

/** Reads a place in a run as an attribute has it: `start`, `end`, `3` or `event 17`. */
export function readPlace(where: string, value: string): Place {
  const word = value.trim();
  if (word === 'start' || word === 'end') return word;
  const [, unit, digits] = /^(event\s+)?(\d{1,15})$/.exec(word) ?? [];
  if (digits === undefined) throw refusal(where, value, PLACES);
  return unit === undefined ? Number(digits) : { event: Number(digits) };
}

/** Where a scenario comes from: it is given as it stands, or fetched from an address. */
export type Source = Given | { readonly url: URL };

/**
 * Reads what a scenario is given as. JSON begins with `{`. What holds `#1.` is a link. What has a space or a line break
 * is lines of a script. All else is an address.
 */
export function readScenario(value: string, base: string): Source {
  const text = value.trim();
  if (text.startsWith('{')) return { text };
  const link = text.indexOf('#1.');
  if (link >= 0 && !/\s/.test(text)) return { link: text.slice(link) };
  if (/\s/.test(text)) return { lines: text };
  return { url: readAddress('scenario', text, base, 'JSON, a link, lines of a script, or') };
}

/** Reads the address of the folder that the page is served from. */
export function readPage(value: string, base: string): URL {
  const url = readAddress('page', value.trim(), base, '');
  if (!url.pathname.endsWith('/') && !url.pathname.endsWith('.html')) url.pathname += '/';
  url.search = '';
  url.hash = '';
  return url;
}

function readAddress(where: string, value: string, base: string, others: string): URL {
  const legal =
    `${others} the address of a ${where === 'page' ? 'built page' : 'file'}, over https or http`.trim();
  let url: URL;
  try {
    url = new URL(value, base);
  } catch {
    throw refusal(where, value, legal);
  }
  if (value === '' || !['https:', 'http:'].includes(url.protocol)) {
    throw refusal(where, value, legal);
  }
  return url;
}
