// Shows the references to each range of addresses over time as a table, whose rows lead to their places in the run.

import type { Pictured, TraceHeat } from '../engine/pictures-messages.ts';
import { text } from '../text/text.ts';

const words = text.pictures.heat;
/** How many ranges have a column; the rest is told together. */
const COLUMNS = 6;

interface HeatTableProps {
  readonly trace: Pictured;
  readonly heat: TraceHeat;
  /** Takes the machine to a reference, where it can be taken. */
  readonly onGo: ((reference: number) => void) | undefined;
}

export function HeatTable({ trace, heat: { stretches }, onGo }: HeatTableProps) {
  const totals = trace.areas.map((_, index) =>
    stretches.reduce((sum, { areas }) => sum + (areas[index] ?? 0), 0),
  );
  const most = totals
    .map((total, index) => ({ total, index }))
    .sort((one, other) => other.total - one.total);
  const shown = most.slice(0, COLUMNS).map(({ index }) => index);
  shown.sort((one, other) => one - other);
  const others = most.slice(COLUMNS).map(({ index }) => index);
  return (
    <div class="curves-scroll">
      <table class="curves-table">
        <caption>{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{words.stretch}</th>
            {shown.map((index) => (
              <th key={index} scope="col" title={trace.areas[index]?.addresses?.join(' – ')}>
                {trace.areas[index]?.name.replace(/^.*\//, '')}
                {trace.areas[index]?.addresses && (
                  <span class="heat-address">{trace.areas[index]?.addresses?.[0]}</span>
                )}
              </th>
            ))}
            {others.length > 0 && <th scope="col">{words.others}</th>}
          </tr>
        </thead>
        <tbody>
          {stretches.map(({ first, areas }) => (
            <tr key={first}>
              <th scope="row">
                {onGo === undefined ? (
                  text.pictures.number(first)
                ) : (
                  <button
                    type="button"
                    class="link"
                    data-reference={first}
                    aria-label={words.go(first)}
                    onClick={() => onGo(first)}
                  >
                    {text.pictures.number(first)}
                  </button>
                )}
              </th>
              {shown.map((index) => (
                <td key={index}>{text.pictures.number(areas[index] ?? 0)}</td>
              ))}
              {others.length > 0 && (
                <td>
                  {text.pictures.number(
                    others.reduce((sum, index) => sum + (areas[index] ?? 0), 0),
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
