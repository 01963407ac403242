// Lists the marks that a grid and its wires have beside the states' hues, each drawn as the grid draws it.

import type { ComponentChildren } from 'preact';
import type { CellsOf } from '../draw/palette.ts';
import { text } from '../text/text.ts';
import './MarksLegend.css';

type MarkName = keyof typeof text.marks.names;

const OF: Readonly<Record<CellsOf, readonly MarkName[]>> = {
  pages: ['accessed', 'dirty', 'shared', 'locked', 'selected', 'writable', 'readOnly', 'faulting'],
  frames: ['accessed', 'dirty', 'shared', 'locked', 'linked', 'owned', 'changed'],
};

const DRAWN: Readonly<Record<MarkName, ComponentChildren>> = {
  accessed: <path class="solid" d="M8.5 2.5H13.5V7.5Z" />,
  dirty: <circle class="solid" cx="5" cy="5" r="1.75" />,
  shared: <rect x="4.5" y="4.5" width="7" height="7" rx="1.5" />,
  locked: <circle cx="8" cy="8" r="4.5" />,
  selected: <rect class="thick" x="1.5" y="1.5" width="13" height="13" rx="3" />,
  linked: <rect class="dashes" x="1.5" y="1.5" width="13" height="13" rx="3" />,
  owned: <rect class="faint" x="2" y="2" width="12" height="12" rx="2.5" />,
  changed: <rect class="faint" x="0.75" y="0.75" width="14.5" height="14.5" rx="3.5" />,
  writable: <path d="M1 8H15" />,
  readOnly: <path class="dashes" d="M1 8H15" />,
  faulting: <path class="dots" d="M1 8H15" />,
};

/** Marks of which each is upon a cell; the others are round it, or are wires. */
const UPON: ReadonlySet<MarkName> = new Set([
  'accessed',
  'dirty',
  'shared',
  'locked',
  'selected',
  'linked',
  'owned',
]);

export function MarksLegend({ of }: { of: CellsOf }) {
  return (
    <ul class="legend marks-legend" aria-label={text.marks.title}>
      {OF[of].map((name) => (
        <li key={name} title={text.marks.meanings[of][name] ?? text.marks.meanings.both[name]}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            {UPON.has(name) && <rect class="cell" x="2" y="2" width="12" height="12" rx="2" />}
            {DRAWN[name]}
          </svg>
          <span class="legend-name">{text.marks.names[name]}</span>
        </li>
      ))}
    </ul>
  );
}
