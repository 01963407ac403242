// Reads and writes links: the scenario, and after it where the viewer stood, as `&name=value`. What a reader does not
// know it passes over, so that a later page can add to what a link says and an earlier one still opens it.

import { decode, encode } from './codec.ts';

/** Where a viewer stands in a scenario. What is left out is as it is when a scenario has just run. */
export interface Place {
  /** How many lines have run; all of them if it is not said. */
  readonly lines?: number;
  /** The event that the playhead stands at, if it is in the middle of a line. */
  readonly event?: number;
  readonly process?: string;
  readonly page?: number;
  /** A frame that is looked at instead of the page. */
  readonly frame?: number;
  /** Panels that are folded, by name. */
  readonly folded?: readonly string[];
  /** Panels that are open, of those that usually are folded. */
  readonly opened?: readonly string[];
}

interface Link {
  readonly text: string;
  readonly place: Place;
}

/** Past this many characters of additions a link says nothing that a viewer could have meant. */
const LONGEST_PLACE = 4096;
/** No number in a place is larger: a page, a frame or a line; of events there can be more. */
const LARGEST = 2 ** 32;
const LAST_EVENT = 2 ** 53;

/** Some programs cut links that are longer. */
export const SAFE_LENGTH = 2000;

/** The fragment, with its `#`, of a scenario and a place in it. */
export async function writeLink(text: string, place: Place = {}): Promise<string> {
  return (await encode(text)) + additions(place);
}

function additions({
  lines,
  event,
  process,
  page,
  frame,
  folded = [],
  opened = [],
}: Place): string {
  const said = new URLSearchParams();
  if (lines !== undefined) said.set('lines', String(lines));
  if (event !== undefined) said.set('event', String(event));
  if (process !== undefined) said.set('process', process);
  if (page !== undefined) said.set('page', String(page));
  if (frame !== undefined) said.set('frame', String(frame));
  if (folded.length > 0) said.set('folded', folded.join('.'));
  if (opened.length > 0) said.set('opened', opened.join('.'));
  const words = said.toString();
  return words === '' ? '' : `&${words}`;
}

/** What a link carries; a `BrokenLink` says what is wrong with a scenario that cannot be read. */
export async function readLink(fragment: string): Promise<Link> {
  const cut = fragment.indexOf('&');
  const body = cut < 0 ? fragment : fragment.slice(0, cut);
  const text = await decode(body);
  return { text, place: cut < 0 ? {} : placeOf(fragment.slice(cut + 1)) };
}

/** A place that is not understood is no place: the scenario opens all the same. */
function placeOf(words: string): Place {
  if (words.length > LONGEST_PLACE) return {};
  const said = new URLSearchParams(words);
  const number = (name: string, end = LARGEST) => {
    const value = said.get(name) ?? '';
    return /^\d{1,16}$/.test(value) && Number(value) < end ? Number(value) : undefined;
  };
  const event = number('event', LAST_EVENT);
  const [lines, page, frame] = [number('lines'), number('page'), number('frame')];
  const process = said.get('process') ?? undefined;
  const names = (key: string) =>
    (said.get(key) ?? '').split('.').filter((name) => /^[a-z]+$/.test(name));
  const [folded, opened] = [names('folded'), names('opened')];
  return {
    ...(lines !== undefined && { lines }),
    ...(event !== undefined && { event }),
    ...(process !== undefined && { process }),
    ...(page !== undefined && { page }),
    ...(frame !== undefined && { frame }),
    ...(folded.length > 0 && { folded }),
    ...(opened.length > 0 && { opened }),
  };
}
