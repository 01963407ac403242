// What each command does, whoever asks for it: a key, a button, a test.

import { signal } from '@preact/signals';
import { dialog } from './dialogs.ts';
import type { Command } from './keys.ts';
import { observed } from './observation.ts';
import { freshName, scriptOf } from './script.ts';
import { looking, selectedPage, selectedProcess, selectProcess } from './selection.ts';
import {
  busy,
  cursor,
  finish,
  pausePlaying,
  perform,
  play,
  playing,
  removeLine,
  report,
  scenario,
  seek,
  status,
  stop,
  usable,
} from './session.ts';
import { cycleTheme } from './settings.ts';
import type { Op } from './types.ts';

/** How many pages the next process gets. */
export const spawnPages = signal(64);
export const offset = signal(0);
/** What the next write stores; each write moves it on, so that writes can be told apart. */
export const value = signal(1);

function onProcess(make: (process: string) => Op): void {
  const process = selectedProcess.value;
  if (process !== undefined) void perform(make(process));
}

function place(process: string): { process: string; page: number; offset?: number } {
  const at = { process, page: selectedPage.value };
  return offset.value === 0 ? at : { ...at, offset: offset.value };
}

function stepProcess(by: number): void {
  const living = observed.processes.value.filter((row) => row.state !== 'terminated');
  if (living.length === 0) return;
  const at = living.findIndex(({ name }) => name === selectedProcess.value);
  const next = living[(at + by + living.length) % living.length];
  if (next !== undefined) selectProcess(next.name);
}

function childName(process: string): string {
  return freshName(scenario.value, process === 'init' ? 'child' : process);
}

const commands: Record<Command, () => void> = {
  spawn: () => {
    const as = freshName(scenario.value, 'init');
    void perform({ op: 'spawn', as, pages: spawnPages.value });
  },
  fork: () => onProcess((process) => ({ op: 'fork', process, as: childName(process) })),
  sleep: () => onProcess((process) => ({ op: 'sleep', process })),
  wake: () => onProcess((process) => ({ op: 'wake', process })),
  kill: () => onProcess((process) => ({ op: 'kill', process })),
  write: () => {
    looking.value = 'page';
    onProcess((process) => ({ op: 'write', ...place(process), value: value.value }));
    if (selectedProcess.value !== undefined) value.value++;
  },
  read: () => {
    looking.value = 'page';
    onProcess((process) => ({ op: 'read', ...place(process) }));
  },
  evict: () => onProcess((process) => ({ op: 'evict', process, page: selectedPage.value })),
  run: () => {
    dialog.value = 'run';
  },
  undo: () => {
    if (cursor.value > 0) void removeLine(cursor.value - 1);
  },
  play: () => {
    if (playing.value) pausePlaying();
    else void play();
  },
  pause: pausePlaying,
  stop: () => {
    if (busy.value) void stop();
  },
  step: () => void seek(cursor.value + 1),
  back: () => void seek(cursor.value - 1),
  restart: () => void seek(0),
  next: () => stepProcess(1),
  previous: () => stepProcess(-1),
  machine: () => {
    dialog.value = 'machine';
  },
  edit: () => {
    dialog.value = 'edit';
  },
  presets: () => {
    dialog.value = 'presets';
  },
  share: () => {
    dialog.value = 'share';
  },
  check: () => {
    dialog.value = 'report';
    report.value = undefined;
    void finish();
  },
  theme: cycleTheme,
  keys: () => {
    dialog.value = 'keys';
  },
};

/** Whether a command would do something now; a button that would not is disabled. */
export function isPossible(command: Command): boolean {
  const total = scriptOf(scenario.value).length;
  switch (command) {
    case 'spawn':
      return usable.value;
    case 'check':
      return usable.value;
    case 'fork':
    case 'sleep':
    case 'wake':
    case 'kill':
    case 'write':
    case 'read':
    case 'evict':
    case 'run':
      return usable.value && observed.selected.value !== undefined;
    case 'undo':
      return usable.value && cursor.value > 0;
    case 'play':
      return playing.value || (usable.value && total > 0);
    case 'step':
      return usable.value && cursor.value < total;
    case 'back':
    case 'restart':
      return usable.value && cursor.value > 0;
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
