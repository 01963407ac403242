// Shows how often replacement policies fault on what the scenario replays, by the size of memory, as curves and as a table.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { closeDialog } from '../store/page/open-dialog.ts';
import { theme } from '../store/page/settings.ts';
import { awaitedBuild } from '../store/run/awaited-build.ts';
import {
  CURVES,
  type CurveName,
  countCurves,
  curves,
  endCurves,
  presentFrames,
  setDataFrames,
} from '../store/run/curves.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import type { CurvesChart, DrawnCurve } from './CurvesChart.tsx';
import './CurvesDialog.css';

/** The lengths of a curve's dashes and of the gaps between them; the optimal policy's is whole and thick. */
const DASHES: Readonly<Record<CurveName, readonly number[]>> = {
  fifo: [2, 3],
  clock: [8, 3],
  lru: [],
  sieve: [4, 3],
  's3-fifo': [10, 3, 2, 3],
  arc: [6, 2, 2, 2, 2, 2],
  opt: [],
};

export function CurvesDialog() {
  const hidden = useSignal<ReadonlySet<CurveName>>(new Set());
  const [Chart, setChart] = useState<typeof CurvesChart>();
  useEffect(() => {
    void countCurves();
    void import('./CurvesChart.tsx').then((loaded) => setChart(() => loaded.CurvesChart));
    return endCurves;
  }, []);
  const drawn = useComputed<readonly DrawnCurve[]>(() => {
    const now = curves.value;
    const references = now?.replayed?.references ?? 1;
    return CURVES.flatMap((name) => {
      const faults = hidden.value.has(name) ? undefined : now?.faults[name];
      if (faults === undefined) return [];
      const ratios = faults.map((count) => count / references);
      return [{ name, dash: DASHES[name], isThick: name === 'opt', ratios }];
    });
  });
  const now = curves.value;
  const replayed = now?.replayed;
  const counted = Object.keys(now?.faults ?? {}).length;
  const choose = (frames: number) => void setDataFrames(frames);
  return (
    <Dialog
      onClose={closeDialog}
      name="curves"
      title={text.curves.title}
      note={text.curves.note}
      wide={true}
    >
      <p class="curves-state" role="status">
        {now !== undefined && replayed !== undefined && (
          <b>{text.curves.of(now.name, replayed.references, replayed.pages)}</b>
        )}{' '}
        {now?.message !== undefined
          ? text.curves.failed(now.message)
          : now?.isDone
            ? ''
            : awaitedBuild.value === 'traces'
              ? text.awaited('traces')
              : text.curves.counting(counted, CURVES.length)}
      </p>
      <fieldset class="curves-legend">
        <legend class="unseen">{text.curves.legend}</legend>
        {CURVES.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              name={name}
              checked={!hidden.value.has(name)}
              onChange={({ currentTarget }) => {
                const next = new Set(hidden.value);
                if (currentTarget.checked) next.delete(name);
                else next.add(name);
                hidden.value = next;
              }}
            />
            <Line name={name} />
            {text.curves.names[name]}
          </label>
        ))}
      </fieldset>
      {replayed !== undefined && (
        <div class="curves-parts">
          {Chart !== undefined && (
            <Chart
              name={now?.name ?? ''}
              sizes={replayed.sizes}
              curves={drawn.value}
              present={presentFrames.value}
              theme={theme.value}
              label={text.curves.chart(now?.name ?? '')}
              onSize={choose}
            />
          )}
          <Table
            sizes={replayed.sizes}
            references={replayed.references}
            curves={drawn.value}
            onSize={choose}
          />
        </div>
      )}
    </Dialog>
  );
}

/** How a policy's curve is drawn. */
function Line({ name }: { readonly name: CurveName }) {
  return (
    <svg class={`curve-line ${name}`} width="34" height="8" viewBox="0 0 34 8" aria-hidden="true">
      <path d="M0 4H34" stroke-dasharray={DASHES[name].join(' ')} />
    </svg>
  );
}

interface TableProps {
  readonly sizes: readonly number[];
  readonly references: number;
  readonly curves: readonly DrawnCurve[];
  readonly onSize: (frames: number) => void;
}

/** Of so few references the faults are counted, as in a textbook. */
const FEW = 1000;

function Table({ sizes, references, curves: drawn, onSize }: TableProps) {
  const present = presentFrames.value;
  const isCounted = references <= FEW;
  const faults = (ratio: number) =>
    isCounted ? text.curves.count(Math.round(ratio * references)) : text.curves.ratio(ratio);
  return (
    <div class="curves-scroll">
      <table class="curves-table">
        <caption>{text.curves.captions[isCounted ? 'counts' : 'ratios']}</caption>
        <thead>
          <tr>
            <th scope="col">{text.curves.frames}</th>
            {drawn.map(({ name }) => (
              <th key={name} scope="col">
                {text.curves.short[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sizes.map((size, at) => (
            <tr key={size} aria-current={size === present ? 'true' : undefined}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  data-size={size}
                  aria-label={text.curves.choose(size)}
                  onClick={() => onSize(size)}
                >
                  {text.curves.size(size)}
                </button>
                {size === present && <span class="chip">{text.curves.present}</span>}
              </th>
              {drawn.map(({ name, ratios }) => (
                <td key={name}>{faults(ratios[at] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
