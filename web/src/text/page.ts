// Words of the page itself: its name, its panels and separators, and the machine's status.

import type { Awaited } from '../engine/awaited-modules.ts';
import { plural } from './format.ts';

/** What of the engine is loaded for a scenario. */
const AWAITED: Readonly<Record<Awaited, string>> = {
  virtual: 'The engine',
  threads: 'The engine for threads',
  teaching: 'The engine with bugs to switch on',
  traces: 'The reader of traces',
};

export const pageText = {
  name: 'Faultline',
  tagline: 'a virtual-memory laboratory',
  untitled: 'Untitled scenario',
  panels: {
    processes: 'Processes',
    actions: 'Actions',
    virtual: 'Page table (virtual)',
    physical: 'Frames (physical memory)',
    swap: 'Swap',
    inspector: 'Inspector',
    script: 'Script',
    counters: 'Counters',
    tape: 'CPU timeline',
    faults: 'Recent page faults',
    timing: 'Timing',
    locks: 'Locks',
    replacement: 'Replacement',
  },
  dividers: {
    left: 'Width of the processes',
    right: 'Width of the inspector',
    deck: 'Height of the deck',
    physical: 'Height of physical memory',
    inspector: 'Height of the inspector',
    swap: 'Height of the swap',
    pane: 'Width of the second panel',
  },
  dividerAsUsual: 'default',
  dividerHint: 'Drag, or use the arrow keys; a double click gives the size back.',
  pixels: (size: number) => `${size} pixels`,
  dropHere: 'Drop a scenario or a trace to open it',
  openWhole: 'Open in Faultline',
  newBuild: 'A newer Faultline is available. Your draft is kept.',
  openNewBuild: 'Open it',
  awaited: (module: Awaited) =>
    `${AWAITED[module]} is still being built: the terminal of npm start shows how far it is. The page goes on by itself when it is there.`,
  threadsDisabled: {
    insecure: '(they need https, or a host on this computer)',
    browser: '(this browser has no SharedArrayBuffer, which they need)',
    host: '(they need a page that is cross-origin isolated)',
  },
  runtimeShort: { virtual: 'virtual', threads: 'threads' },
  machineSummary: (frames: number, slots: number, cpus: number, runtime: string) =>
    `${plural(frames, 'frame')} · ${plural(slots, 'slot')} · ${plural(cpus, 'CPU')} · ${runtime}`,
  status: {
    opening: 'Building the machine…',
    ready: 'Ready',
    busy: 'Running',
    closed: 'No machine',
    failed: 'Stopped by an error',
  },
  stopping: 'Stopping…',
  announce: {
    selectedProcess: (name: string) => `${name} selected`,
    busy: 'Running',
  },
};
