// The legend of a grid and its gauges in one: a state's cell, its name, how many, and how much of the whole.

import { colourOf } from '../draw/palette.ts';
import { theme } from '../store/settings.ts';
import { number } from '../text.ts';
import { StateGlyph } from './Glyph.tsx';

interface GaugesProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly meanings: readonly string[];
  readonly counts: readonly number[];
  /** Which states, in which order. */
  readonly states: readonly number[];
}

export function Gauges({ label, names, meanings, counts, states }: GaugesProps) {
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  return (
    <div class="gauges">
      <div class="stack" aria-hidden="true">
        {states.map((state) => (
          <span
            key={state}
            style={{
              flexGrow: (counts[state] ?? 0) / total,
              background: colourOf(theme.value, state).fill,
            }}
          />
        ))}
      </div>
      <ul class="legend" aria-label={label}>
        {states.map((state) => (
          <li key={state} title={meanings[state]} class={counts[state] ? '' : 'nil'}>
            <StateGlyph state={state} />
            <span class="legend-name">{names[state]}</span>
            <span class="digits legend-count">{number(counts[state] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
