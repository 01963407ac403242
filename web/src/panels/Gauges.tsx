// Shows the legend of a grid and its gauges in one: a state's cell, its name, how many, and how much of the whole.

import { type CellsOf, colourOf } from '../draw/palette.ts';
import { theme } from '../store/page/settings.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import { MarksLegend } from './MarksLegend.tsx';
import { StateGlyph } from './StateGlyph.tsx';
import './Gauges.css';

interface GaugesProps {
  readonly label: string;
  readonly of: CellsOf;
  readonly names: readonly string[];
  readonly meanings: readonly string[];
  readonly counts: readonly number[];
  /** Which states, in which order. */
  readonly states: readonly number[];
  /** States that can be opened: then a name is a button. */
  readonly opens?: readonly number[];
  readonly opened?: number;
  readonly onOpen?: (state: number) => void;
  /** Levels on the bar, as counts from its left end. */
  readonly levels?: readonly { readonly at: number; readonly label: string }[];
}

export function Gauges(props: GaugesProps) {
  const {
    label,
    of,
    names,
    meanings,
    counts,
    states,
    opens = [],
    opened,
    onOpen,
    levels = [],
  } = props;
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const firstTerm = states.find((state) => !opens.includes(state));
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
        {levels.map(({ at, label: level }) => (
          <i key={level} class="level" title={level} style={{ left: `${(100 * at) / total}%` }} />
        ))}
      </div>
      <ul class="legend" aria-label={label} data-terms>
        {states.map((state) => (
          <li key={state} title={meanings[state]} class={counts[state] ? '' : 'nil'}>
            <StateGlyph state={state} of={of} />
            {opens.includes(state) ? (
              <button
                type="button"
                class="legend-open"
                aria-expanded={opened === state}
                data-opens={state}
                onClick={() => onOpen?.(state)}
              >
                <span class="legend-name">{names[state]}</span> <Count of={counts[state]} />
              </button>
            ) : (
              <>
                <Term
                  className="legend-name"
                  says={meanings[state] ?? ''}
                  isStop={state === firstTerm}
                >
                  {names[state]}
                </Term>
                <Count of={counts[state]} />
              </>
            )}
          </li>
        ))}
      </ul>
      <MarksLegend of={of} />
    </div>
  );
}

function Count({ of = 0 }: { readonly of: number | undefined }) {
  return <span class="digits legend-count">{text.number(of)}</span>;
}
