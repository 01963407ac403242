// Defines what each command does and when it is possible, for keys, buttons, menus, the palette and tests alike.

import { signal } from '@preact/signals';
import { decodePte } from '../../engine/words.ts';
import type { Command } from '../../types/command.ts';
import { mappersOf } from '../machine/describe.ts';
import { readWord } from '../machine/grid-reader.ts';
import { observed } from '../machine/observation.ts';
import { type DialogName, openDialog } from '../page/open-dialog.ts';
import { canLeave, leave, maximise, panelMeant, presenting } from '../page/room.ts';
import {
  following,
  looking,
  selectedPage,
  selectedPages,
  selectedProcess,
  selectProcess,
} from '../page/selection.ts';
import { changeSpeed, cycleTheme } from '../page/settings.ts';
import { cycleTypeSize } from '../page/type-size.ts';
import { askWhy } from '../page/why.ts';
import { runtimeKind, scenario, status, usable } from '../run/open-machine.ts';
import { cursor, playhead, playing } from '../run/playhead.ts';
import { replayable } from '../run/replayed.ts';
import {
  finish,
  performWhenDue,
  redo,
  removeLine,
  report,
  revise,
  seek,
  stop,
  stopPlaying,
  undo,
} from '../run/session.ts';
import { isAtEnd, play, step } from '../run/transport.ts';
import { freshChildName, freshName, scriptOf, withLineMoved } from '../script/document.ts';
import { canRedo, canUndo } from '../script/history.ts';
import { type Defaults, readPhrase } from '../script/phrase.ts';
import { leaveVisit } from './links.ts';
import { tellStory } from './story.ts';

/** How many pages the next process gets. */
export const spawnPages = signal(64);
export const offset = signal(0);
/** What the next write stores; each write moves it on, so that writes can be told apart. */
export const value = signal(1);
/** Fields of the actions that show a number that is not legal: what would use it is not possible. */
export const illegalFields = signal<ReadonlySet<string>>(new Set());

/** Hears from a field of the actions whether what it shows is legal. */
export function noteField(name: string, isLegal: boolean): void {
  if (illegalFields.value.has(name) !== isLegal) return;
  const next = new Set(illegalFields.value);
  if (isLegal) next.delete(name);
  else next.add(name);
  illegalFields.value = next;
}

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
    ...freshNames(),
  };
}

/** Names for processes that a phrase does not name, as the script leaves them free now. */
function freshNames(): Pick<Defaults, 'nameOfSpawn' | 'nameOfFork'> {
  return {
    nameOfSpawn: freshName(scenario.value, 'init'),
    nameOfFork: (parent) => freshChildName(scenario.value, parent),
  };
}

/** Does what a phrase says. Throws a `PhraseProblem` if it says nothing that can be read. */
export function say(phrase: string): Promise<boolean> {
  const meant = phraseDefaults();
  const ops = readPhrase(phrase, meant);
  const writes = ops.filter(({ op }) => op === 'write').length;
  if (ops.some(({ op }) => op === 'write' || op === 'read')) looking.value = 'page';
  value.value += writes;
  // Lines that still wait may give names: a fresh one is chosen when its line runs.
  return performWhenDue(() => readPhrase(phrase, { ...meant, ...freshNames() }));
}

function ask(phrase: string): void {
  paletteText.value = phrase;
  openDialog('palette');
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

interface Action {
  /** Whether it would do something now; a button that would not is disabled. */
  readonly isPossible: () => boolean;
  readonly run: () => void;
}

const always = () => true;
const onMachine = () => usable.value;
const onProcess = () => usable.value && observed.selected.value !== undefined;
const hasRunLines = () => usable.value && cursor.value > 0;
const hasLinesAhead = () => usable.value && cursor.value < scriptOf(scenario.value).length;
const isPastStart = () => playhead.value.line > 0 || playhead.value.under_way;
const travels = () => runtimeKind.value === 'virtual';

/** Whether these fields of the actions show legal numbers. */
const areLegal = (...fields: readonly string[]) =>
  !fields.some((field) => illegalFields.value.has(field));

/** Says a phrase that is one word: all else is as it is selected. */
const says = (word: string, isPossible: () => boolean): Action => ({
  isPossible,
  run: () => void say(word),
});
/** Asks for a phrase in the palette, which begins with this one. */
const asks = (phrase: () => string, isPossible: () => boolean): Action => ({
  isPossible,
  run: () => ask(phrase()),
});
const opens = (name: DialogName, isPossible: () => boolean): Action => ({
  isPossible,
  run: () => {
    openDialog(name);
  },
});

const actions: Readonly<Record<Command, Action>> = {
  spawn: says('spawn', () => onMachine() && areLegal('spawn-pages')),
  fork: says('fork', onProcess),
  sleep: says('sleep', onProcess),
  wake: says('wake', onProcess),
  kill: says('kill', onProcess),
  write: says('write', () => onProcess() && areLegal('page', 'offset', 'value')),
  read: says('read', () => onProcess() && areLegal('page', 'offset')),
  evict: says('evict', () => onProcess() && areLegal('page')),
  unmap: says('unmap', () => onProcess() && areLegal('page')),
  settle: says('settle', onMachine),
  audit: says('audit', onMachine),
  switch: asks(() => `switch ${chosen()} to ${nextCpu()}`, onProcess),
  map: asks(() => `map ${chosen()} 16`, onProcess),
  expect: asks(presentTruth, onProcess),
  together: asks(sideBySide, onMachine),
  run: opens('run', onProcess),
  undo: { isPossible: () => canUndo.value, run: () => void undo() },
  redo: { isPossible: () => canRedo.value, run: () => void redo() },
  remove: { isPossible: hasRunLines, run: () => void removeLine(cursor.value - 1) },
  rewrite: {
    isPossible: hasRunLines,
    run: () => {
      editedLine.value = cursor.value - 1;
    },
  },
  earlier: { isPossible: () => usable.value && cursor.value > 1, run: () => moveLine(-1) },
  later: { isPossible: () => hasRunLines() && hasLinesAhead(), run: () => moveLine(1) },
  play: {
    isPossible: () => playing.value || (usable.value && scriptOf(scenario.value).length > 0),
    run: () => {
      if (playing.value) stopPlaying();
      else void play();
    },
  },
  stop: { isPossible: () => status.value.kind === 'busy', run: () => void stop() },
  step: { isPossible: hasLinesAhead, run: () => void seek(cursor.value + 1) },
  back: {
    isPossible: () => usable.value && isPastStart(),
    run: () => void seek(playhead.value.under_way ? cursor.value : cursor.value - 1),
  },
  restart: { isPossible: () => usable.value && isPastStart(), run: () => void seek(0) },
  end: { isPossible: hasLinesAhead, run: () => void seek(scriptOf(scenario.value).length) },
  eventForward: {
    isPossible: () => usable.value && travels() && !isAtEnd(),
    run: () => void step('event', 'forward'),
  },
  eventBack: {
    isPossible: () => usable.value && travels() && isPastStart(),
    run: () => void step('event', 'back'),
  },
  faultForward: {
    isPossible: () => usable.value && travels() && !isAtEnd(),
    run: () => void step('fault', 'forward'),
  },
  faultBack: {
    isPossible: () => usable.value && travels() && isPastStart(),
    run: () => void step('fault', 'back'),
  },
  faster: { isPossible: travels, run: () => changeSpeed(1) },
  slower: { isPossible: travels, run: () => changeSpeed(-1) },
  breakpoints: opens('breakpoints', () => usable.value && travels()),
  follow: {
    isPossible: onMachine,
    run: () => {
      following.value = !following.value;
    },
  },
  goTo: opens('go-to', () => usable.value && travels()),
  why: { isPossible: onMachine, run: askWhy },
  next: { isPossible: always, run: () => stepProcess(1) },
  previous: { isPossible: always, run: () => stepProcess(-1) },
  palette: asks(() => '', always),
  machine: opens('machine', always),
  edit: opens('edit', always),
  words: opens('words', always),
  presets: opens('presets', always),
  traces: opens('traces', always),
  curves: opens('curves', () => replayable.value !== undefined),
  pictures: opens('pictures', () => replayable.value !== undefined),
  thrashing: opens('thrashing', always),
  share: opens('share', always),
  check: {
    isPossible: onMachine,
    run: () => {
      openDialog('report');
      report.value = undefined;
      void finish();
    },
  },
  theme: { isPossible: always, run: cycleTheme },
  typeSize: { isPossible: always, run: cycleTypeSize },
  maximise: { isPossible: always, run: () => maximise(panelMeant()) },
  leave: { isPossible: () => canLeave.value, run: leave },
  present: {
    isPossible: always,
    run: () => {
      presenting.value = !presenting.value;
    },
  },
  story: {
    isPossible: always,
    run: () => {
      leaveVisit();
      void tellStory();
    },
  },
  glossary: opens('glossary', always),
  keys: opens('keys', always),
};

export function isPossible(command: Command): boolean {
  return actions[command].isPossible();
}

/** Does a command, if it can be done now. */
export function invoke(command: Command): void {
  if (isPossible(command)) actions[command].run();
}
