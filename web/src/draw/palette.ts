// Defines the eight page states, each with a hue, an ink and a glyph, here and nowhere else. The numbers are the
// engine's own frame states, so that a PFN word's low three bits are a hue.

import {
  FAULT_KINDS,
  FRAME_PROTECTED,
  FRAME_READING,
  FRAME_STANDBY,
  FRAME_WRITING,
  FRAME_ZEROED,
} from '../generated/machine.ts';

export {
  FRAME_ACTIVE as ACTIVE,
  FRAME_FREE as FREE,
  FRAME_MODIFIED as MODIFIED,
  FRAME_PROTECTED as PROTECTED,
  FRAME_READING as READING,
  FRAME_STANDBY as STANDBY,
  FRAME_WRITING as WRITING,
  FRAME_ZEROED as ZEROED,
} from '../generated/machine.ts';

export type Theme = 'dark' | 'light';

interface StateColour {
  /** The cell. */
  readonly fill: string;
  /** The glyph upon it. */
  readonly ink: string;
}

// Okabe and Ito's hues, with lightness spread so that they differ without colour too. `zeroed` and `free`
// stay near the ground: a machine at rest is quiet, and what holds data stands out.
const dark: readonly StateColour[] = [
  { fill: '#242b33', ink: '#8593a2' },
  { fill: '#3f4a57', ink: '#b9c4d0' },
  { fill: '#2771bf', ink: '#ffffff' },
  { fill: '#e8703a', ink: '#220b00' },
  { fill: '#cb8cc3', ink: '#1e0519' },
  { fill: '#14906f', ink: '#eafff7' },
  { fill: '#efd34a', ink: '#2b2400' },
  { fill: '#9fd3f2', ink: '#04263a' },
];

const light: readonly StateColour[] = [
  { fill: '#e9edf1', ink: '#6f7c8a' },
  { fill: '#b3bcc6', ink: '#333d48' },
  { fill: '#1d68b8', ink: '#ffffff' },
  { fill: '#e2642b', ink: '#220b00' },
  { fill: '#bd74b4', ink: '#1e0519' },
  { fill: '#0b8566', ink: '#f2fffa' },
  { fill: '#ecc92c', ink: '#2b2400' },
  { fill: '#8cc8ee', ink: '#04263a' },
];

export const PALETTES: Readonly<Record<Theme, readonly StateColour[]>> = { dark, light };

/** What is not a page state has no hue, but for what failed: lines, marks and labels on a canvas. */
interface Neutrals {
  readonly ground: string;
  readonly line: string;
  readonly faint: string;
  readonly label: string;
  readonly mark: string;
  readonly failure: string;
}

export const NEUTRALS: Readonly<Record<Theme, Neutrals>> = {
  dark: {
    ground: '#12161b',
    line: '#2a323b',
    faint: '#1c2229',
    label: '#8d98a5',
    mark: '#f4f7fa',
    failure: '#ff5a52',
  },
  light: {
    ground: '#ffffff',
    line: '#d8dee5',
    faint: '#f0f3f6',
    label: '#5c6875',
    mark: '#11161c',
    failure: '#c8171e',
  },
};

/** Whose states cells show: pages and frames have one set of hues, and two signs for the last of them. */
export type CellsOf = 'pages' | 'frames';

/** A glyph in a unit square, as SVG paths: one filled, one stroked, or both. */
interface Glyph {
  readonly filled: string;
  readonly stroked: string;
}

// Each is told from the others by its silhouette alone, down to about five pixels.
const glyphs: readonly Glyph[] = [
  // zeroed: a small ring, the digit nought
  { filled: '', stroked: 'M.5 .36A.14 .14 0 1 1 .499 .36Z' },
  // free: a dash, nothing here
  { filled: '', stroked: 'M.34 .5L.66 .5' },
  // active: a disc
  { filled: 'M.5 .27A.23 .23 0 1 1 .499 .27Z', stroked: '' },
  // modified: a diamond
  { filled: 'M.5 .2L.8 .5L.5 .8L.2 .5Z', stroked: '' },
  // writing, swapped: down, towards swap
  { filled: 'M.22 .3L.78 .3L.5 .76Z', stroked: '' },
  // standby, transition: half a disc, there and not there
  {
    filled: 'M.5 .26A.24 .24 0 0 0 .5 .74Z',
    stroked: 'M.5 .28A.22 .22 0 1 1 .499 .28Z',
  },
  // reading, in transit: up, from swap
  { filled: 'M.5 .24L.78 .7L.22 .7Z', stroked: '' },
  // protected: a barred square
  { filled: '', stroked: 'M.28 .28L.72 .28L.72 .72L.28 .72ZM.28 .5L.72 .5' },
];

/** A page that a write copies: two squares, one upon the other. */
const copyOnWrite: Glyph = {
  filled: 'M.42 .42L.78 .42L.78 .78L.42 .78Z',
  stroked: 'M.34 .58L.24 .58L.24 .24L.58 .24L.58 .34',
};

export function glyphOf(state: number, of: CellsOf): Glyph {
  return of === 'pages' && (state & 7) === FRAME_PROTECTED
    ? copyOnWrite
    : (glyphs[state & 7] as Glyph);
}

const FOUND: Readonly<Record<(typeof FAULT_KINDS)[number], number | undefined>> = {
  failed: undefined,
  demand_zero: FRAME_ZEROED,
  soft: FRAME_STANDBY,
  hard: FRAME_WRITING,
  write_protect: FRAME_PROTECTED,
  collided: FRAME_READING,
};

/** The state of the page that each kind of fault finds; a failed one finds none. */
export const FOUND_STATES = FAULT_KINDS.map((kind) => FOUND[kind]);

export function colourOf(theme: Theme, state: number): StateColour {
  return PALETTES[theme][state & 7] as StateColour;
}
