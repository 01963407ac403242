// Serves the page around this one: `<faultline-lab>`, which hands over a scenario and says what to do with it
// (element/src/protocol.ts). Only the origin that this page's address names is heard, and only it is told anything.

import {
  type Asked,
  isGreeting,
  type LabProblem,
  type Place,
  PROTOCOL,
  type Told,
  type Unit,
} from '../../../../element/src/protocol.ts';
import type { Report } from '../../generated/types.d.ts';
import type { Place as LinkPlace } from '../../share/link.ts';
import { reducedMotion, setTheme } from '../page/settings.ts';
import { runtimeKind, scenario, usable } from '../run/open-machine.ts';
import { cursor, playhead, playing } from '../run/playhead.ts';
import { finish, seek, stopPlaying } from '../run/session.ts';
import { goTo, play, step } from '../run/transport.ts';
import { scriptOf, textOf } from '../script/document.ts';
import { LineProblem, scenarioOfLines } from '../script/lines.ts';
import { presentProblem, standing, tellNews } from './host-news.ts';
import { openGiven } from './links.ts';

/** A wish that cannot be fulfilled as it is. */
class Refused extends Error {
  readonly problem: LabProblem;

  constructor(where: string, found: string, legal: string) {
    super(`${where}: found ${found}; legal: ${legal}`);
    this.problem = { where, found, legal, message: this.message };
  }
}

/** Serves the host at this origin; called once. */
export function serveHost(origin: string): void {
  document.documentElement.dataset.hosted = '';
  let port: MessagePort | undefined;
  const tell = (told: Told) => port?.postMessage(told);
  let isTelling = false;
  addEventListener('message', ({ source, origin: from, data, ports: [given] }) => {
    if (source !== window.parent || from !== origin || !isGreeting(data, 'connect')) return;
    if (given === undefined || data.protocol !== PROTOCOL) return;
    port?.close();
    port = given;
    port.onmessage = ({ data: asked }: MessageEvent<Asked>) => void answer(asked, tell);
    if (!isTelling) tellNews(tell);
    isTelling = true;
  });
  // A host without an origin of its own cannot be named, and is known by its window alone.
  window.parent.postMessage(
    { faultline: 'here', protocol: PROTOCOL },
    origin === 'null' ? '*' : origin,
  );
}

/** What was asked before comes first; only what ends a run that plays goes before it. */
let before: Promise<unknown> = Promise.resolve();

async function answer(asked: Asked, tell: (told: Told) => void): Promise<void> {
  const { id } = asked;
  if (asked.ask !== 'theme') stopPlaying();
  const turn = before.then(() => fulfil(asked, tell));
  // A run that plays goes on until something else is asked.
  if (asked.ask !== 'play') before = turn.catch(() => undefined);
  try {
    const report = await turn;
    tell({ tell: 'answer', id, standing: standing(), ...(report !== undefined && { report }) });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell({ tell: 'answer', id, standing: standing(), problem: error.problem });
  }
}

async function fulfil(asked: Asked, tell: (told: Told) => void): Promise<Report | undefined> {
  if (asked.ask === 'theme') setTheme(asked.theme);
  else if (asked.ask === 'open') await open(asked, tell);
  else return withMachine(asked);
  return undefined;
}

async function withMachine(asked: Exclude<Asked, { ask: 'open' | 'theme' }>) {
  if (!usable.value) {
    const found = presentProblem()?.message ?? 'no machine';
    throw new Refused(asked.ask, found, 'an open scenario');
  }
  switch (asked.ask) {
    case 'run':
      await seek(scriptOf(scenario.value).length);
      break;
    case 'play':
      await play();
      break;
    case 'pause':
      break;
    case 'step':
      await move(asked.unit, 'forward');
      break;
    case 'back':
      await move(asked.unit, 'back');
      break;
    case 'go':
      await go(asked.place);
      break;
    case 'report':
      return finish();
    default:
      throw new Refused('ask', String((asked as { ask: unknown }).ask), 'what protocol 1 has');
  }
  return undefined;
}

/** On threads there are lines, and nothing between them. */
function needVirtual(where: string, found: string, legal: string): void {
  if (runtimeKind.value === 'threads') throw new Refused(where, found, `${legal} on threads`);
}

async function move(unit: Unit, direction: 'forward' | 'back'): Promise<void> {
  const isForward = direction === 'forward';
  if (unit !== 'line') {
    needVirtual(isForward ? 'step' : 'back', unit, 'line');
    await step(unit, direction);
  } else if (isForward) await seek(cursor.value + 1);
  else await seek(playhead.value.under_way ? cursor.value : cursor.value - 1);
}

async function go(place: Place): Promise<void> {
  if (typeof place !== 'object') {
    await seek(linesOf(place));
    return;
  }
  needVirtual('go', 'an event', 'start, end, or a number of lines');
  await goTo({ events: place.event });
}

const linesOf = (place: Exclude<Place, object>): number =>
  ({ start: 0, end: Number.POSITIVE_INFINITY })[place] ?? Number(place);

function asLinkPlace(place: Place | undefined): LinkPlace {
  if (place === undefined) return {};
  return typeof place === 'object' ? { event: place.event } : { lines: linesOf(place) };
}

async function open(asked: Extract<Asked, { ask: 'open' }>, tell: (told: Told) => void) {
  const { scenario: given, place, play: plays } = asked;
  const start = plays && place === undefined ? 'start' : place;
  const isOpen = await openGiven(
    given !== undefined && 'lines' in given ? { text: textOfLines(given.lines) } : given,
    asLinkPlace(start),
  );
  // What is wrong with it has been told already.
  if (!isOpen) return;
  tell({
    tell: 'opened',
    opened: {
      title: scenario.value.title ?? '',
      runtime: runtimeKind.value,
      isolated: crossOriginIsolated,
    },
    standing: standing(),
  });
  if (plays && !reducedMotion.value && !playing.value) void play();
}

function textOfLines(lines: string): string {
  try {
    return textOf(scenarioOfLines(lines));
  } catch (error) {
    if (!(error instanceof LineProblem)) throw error;
    const { line, phrase } = error;
    const found = phrase.found === '' ? 'its end' : phrase.found;
    throw new Refused(`scenario, line ${line}, character ${phrase.at + 1}`, found, phrase.legal);
  }
}
