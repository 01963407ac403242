// What each command does, whoever asks for it: a key, a button, a menu, the palette, a test.

import { signal } from '@preact/signals';
import { decodePte } from '../../engine/words.ts';
import type { Command } from '../../types/command.ts';
import { mappersOf } from '../machine/describe.ts';
import { readWord } from '../machine/grid-reader.ts';
import { observed } from '../machine/observation.ts';
import { dialog } from '../page/open-dialog.ts';
import {
  looking,
  selectedPage,
  selectedPages,
  selectedProcess,
  selectProcess,
} from '../page/selection.ts';
import { changeSpeed, cycleTheme } from '../page/settings.ts';
import { playhead } from '../run/playhead.ts';
import {
  busy,
  cursor,
  finish,
  perform,
  playing,
  redo,
  removeLine,
  report,
  revise,
  runtimeKind,
  scenario,
  seek,
  status,
  stop,
  stopPlaying,
  undo,
  usable,
} from '../run/session.ts';
import { isAtEnd, play, step } from '../run/transport.ts';
import { freshName, scriptOf, withLineMoved } from '../script/document.ts';
import { canRedo, canUndo } from '../script/history.ts';
import { type Defaults, readPhrase } from '../script/phrase.ts';
import { tellStory } from './story.ts';

/** How many pages the next process gets. */
export const spawnPages = signal(64);
export const offset = signal(0);
/** What the next write stores; each write moves it on, so that writes can be told apart. */
export const value = signal(1);
/** What the palette begins with. */
export const paletteText = signal('');
/** The line of the script that is being edited in its place. */
export const editedLine = signal<number | undefined>(undefined);

/** What a phrase leaves out is what is selected. */
export function phraseDefaults(): Defaults {
  return {
    process: selectedProcess.value,
    ...selectedPages.value,
    offset: offset.value,
    value: value.value,
    spawnPages: spawnPages.value,
    nameOfSpawn: freshName(scenario.value, 'init'),
    nameOfFork: (parent) => freshName(scenario.value, parent === 'init' ? 'child' : parent),
  };
}

/** Does what a phrase says. Throws a `PhraseProblem` if it says nothing that can be read. */
export function say(phrase: string): Promise<boolean> {
  const ops = readPhrase(phrase, phraseDefaults());
  const writes = ops.filter(({ op }) => op === 'write').length;
  if (ops.some(({ op }) => op === 'write' || op === 'read')) looking.value = 'page';
  value.value += writes;
  return perform(...ops);
}

function ask(phrase: string): void {
  paletteText.value = phrase;
  dialog.value = 'palette';
}

/** The CPU that a process would be switched to next, if nobody says which. */
function nextCpu(): number {
  const cpus = observed.machine.value?.layout.cpus ?? 1;
  const [last = -1] = observed.selected.value?.cpus.slice(-1) ?? [];
  return (last + 1) % cpus;
}

/** What holds of the selected page now, as something to expect. */
function presentTruth(): string {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  const page = selectedPage.value;
  if (machine === undefined || row === undefined || page >= row.pages) return 'expect copies = 0';
  const { low, high } = readWord(machine, row, page);
  const pte = decodePte(low, high);
  const here = `expect ${JSON.stringify(row.name)} ${page} ${pte.state}`;
  if (pte.state !== 'valid' && pte.state !== 'transition') return here;
  return `${here} shared ${mappersOf(pte.number, page, row.family).length}`;
}

function sideBySide(): string {
  const page = selectedPage.value;
  const names = observed.processes.value
    .filter(({ state }) => state !== 'terminated')
    .map(({ name }) => JSON.stringify(name));
  const [one = 'init', other = one] = names;
  return `together write ${one} ${page} = ${value.value} & write ${other} ${page} = ${value.value + 1}`;
}

function stepProcess(by: number): void {
  const living = observed.processes.value.filter((row) => row.state !== 'terminated');
  if (living.length === 0) return;
  const at = living.findIndex(({ name }) => name === selectedProcess.value);
  const next = living[(at + by + living.length) % living.length];
  if (next !== undefined) selectProcess(next.name);
}

/** Moves the line that ran last among the others; the machine stands after it again. */
function moveLine(by: 1 | -1): void {
  void revise((now, lines) => {
    const [from, to] = [lines - 1, lines - 1 + by];
    if (from < 0 || to < 0 || to >= scriptOf(now).length) return undefined;
    return { scenario: withLineMoved(now, from, to), lines: to + 1 };
  });
}

/** The name of the selected process as a phrase says it. */
const chosen = () => JSON.stringify(selectedProcess.value ?? '');

function opens(name: NonNullable<typeof dialog.value>): () => void {
  return () => {
    dialog.value = name;
  };
}

const commands: Record<Command, () => void> = {
  spawn: () => void say('spawn'),
  fork: () => void say('fork'),
  sleep: () => void say('sleep'),
  wake: () => void say('wake'),
  kill: () => void say('kill'),
  write: () => void say('write'),
  read: () => void say('read'),
  evict: () => void say('evict'),
  unmap: () => void say('unmap'),
  settle: () => void say('settle'),
  audit: () => void say('audit'),
  switch: () => ask(`switch ${chosen()} to ${nextCpu()}`),
  map: () => ask(`map ${chosen()} 16`),
  expect: () => ask(presentTruth()),
  together: () => ask(sideBySide()),
  run: opens('run'),
  undo: () => void undo(),
  redo: () => void redo(),
  remove: () => void removeLine(cursor.value - 1),
  rewrite: () => {
    editedLine.value = cursor.value - 1;
  },
  earlier: () => moveLine(-1),
  later: () => moveLine(1),
  play: () => {
    if (playing.value) stopPlaying();
    else void play();
  },
  stop: () => {
    if (busy.value) void stop();
  },
  step: () => void seek(cursor.value + 1),
  back: () => void seek(playhead.value.under_way ? cursor.value : cursor.value - 1),
  restart: () => void seek(0),
  end: () => void seek(scriptOf(scenario.value).length),
  eventForward: () => step('event', 'forward'),
  eventBack: () => step('event', 'back'),
  faultForward: () => step('fault', 'forward'),
  faultBack: () => step('fault', 'back'),
  faster: () => changeSpeed(1),
  slower: () => changeSpeed(-1),
  breakpoints: opens('breakpoints'),
  goTo: opens('go-to'),
  next: () => stepProcess(1),
  previous: () => stepProcess(-1),
  palette: () => ask(''),
  machine: opens('machine'),
  edit: opens('edit'),
  presets: opens('presets'),
  share: opens('share'),
  check: () => {
    dialog.value = 'report';
    report.value = undefined;
    void finish();
  },
  theme: cycleTheme,
  story: () => void tellStory(),
  keys: opens('keys'),
};

function isAtStart(): boolean {
  return playhead.value.line === 0 && !playhead.value.under_way;
}

/** Whether a command would do something now; a button that would not is disabled. */
export function isPossible(command: Command): boolean {
  const total = scriptOf(scenario.value).length;
  const travels = runtimeKind.value === 'virtual';
  switch (command) {
    case 'spawn':
    case 'settle':
    case 'audit':
    case 'together':
    case 'check':
      return usable.value;
    case 'fork':
    case 'sleep':
    case 'wake':
    case 'kill':
    case 'switch':
    case 'map':
    case 'write':
    case 'read':
    case 'evict':
    case 'unmap':
    case 'expect':
    case 'run':
      return usable.value && observed.selected.value !== undefined;
    case 'undo':
      return canUndo.value;
    case 'redo':
      return canRedo.value;
    case 'play':
      return playing.value || (usable.value && total > 0);
    case 'step':
    case 'end':
      return usable.value && cursor.value < total;
    case 'later':
      return usable.value && cursor.value > 0 && cursor.value < total;
    case 'earlier':
      return usable.value && cursor.value > 1;
    case 'remove':
    case 'rewrite':
      return usable.value && cursor.value > 0;
    case 'back':
    case 'restart':
      return usable.value && !isAtStart();
    case 'eventForward':
    case 'faultForward':
      return usable.value && travels && !isAtEnd();
    case 'eventBack':
    case 'faultBack':
      return usable.value && travels && !isAtStart();
    case 'goTo':
    case 'breakpoints':
      return usable.value && travels;
    case 'faster':
    case 'slower':
      return travels;
    case 'stop':
      return status.value.kind === 'busy';
    default:
      return true;
  }
}

/** Does a command, if it can be done now. */
export function invoke(command: Command): void {
  if (isPossible(command)) commands[command]();
}
