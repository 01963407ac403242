// Shows the pictures of a trace one below the other, each with its numbers as a table.

import { useMemo } from 'preact/hooks';
import { paintBarChart } from '../draw/bar-chart.ts';
import { paintLineChart } from '../draw/line-chart.ts';
import type { TraceReuse, TraceWorkingSet } from '../engine/pictures-messages.ts';
import { theme } from '../store/page/settings.ts';
import type { Pictures } from '../store/run/pictures.ts';
import { text } from '../text/text.ts';
import { Drawing, type Paint } from '../widgets/Drawing.tsx';
import { SaveDrawing } from '../widgets/SaveDrawing.tsx';
import { HeatPicture } from './HeatPicture.tsx';
import './PicturesView.css';

const words = text.pictures;
const HEIGHT = 220;
/** How the windows of a working set are told apart: the longest is whole and thick. */
const DASHES: readonly (readonly number[])[] = [[2, 3], [8, 3], []];

export function PicturesView({ pictures }: { readonly pictures: Pictures }) {
  const { name, trace, heat, sets, reuse } = pictures;
  return (
    <div class="pictures">
      {trace !== undefined && heat !== undefined && (
        <HeatPicture name={name} trace={trace} heat={heat} />
      )}
      {trace !== undefined && sets !== undefined && (
        <SetsPicture name={name} references={trace.references} sets={sets} />
      )}
      {trace !== undefined && reuse !== undefined && (
        <ReusePicture name={name} references={trace.references} reuse={reuse} />
      )}
    </div>
  );
}

interface SetsProps {
  readonly name: string;
  readonly references: number;
  readonly sets: readonly TraceWorkingSet[];
}

function SetsPicture({ name, references, sets }: SetsProps) {
  const now = theme.value;
  const paint = useMemo<Paint>(() => {
    const lines = sets.map(({ window, begins, means }, index) => ({
      name: words.sets.window(window),
      dash: DASHES[index + DASHES.length - sets.length] ?? [],
      isThick: index === sets.length - 1,
      at: begins.map((begin, at) => (begin + (begins[at + 1] ?? references)) / 2),
      values: means,
    }));
    const most = Math.max(1, ...sets.flatMap(({ means }) => means));
    const chart = {
      lines,
      x: { least: 0, most: references },
      y: { least: 0, most: most * 1.05 },
      xName: words.sets.axis,
      xWords: words.short,
      yWords: words.number,
    };
    return (surface, width, height) => paintLineChart(surface, width, height, chart, now);
  }, [sets, references, now]);
  return (
    <ChartPicture
      kind="sets"
      of={name}
      words={words.sets}
      theme={now}
      paint={paint}
      head={[words.sets.references, words.sets.mean, words.sets.most]}
      rows={sets.map(({ window, mean, most }) => [
        words.number(window),
        words.number(Math.round(mean * 10) / 10),
        words.number(Math.max(...most)),
      ])}
    />
  );
}

interface ReuseProps {
  readonly name: string;
  readonly references: number;
  readonly reuse: TraceReuse;
}

function ReusePicture({ name, references, reuse }: ReuseProps) {
  const now = theme.value;
  const { range } = words.reuse;
  const rows = useMemo(
    () => [
      ...reuse.buckets.map(({ least, most, references: count }) => ({
        name: range(least, most),
        short: words.number(most),
        count,
      })),
      { name: words.reuse.firstUse, short: words.reuse.first, count: reuse.first },
    ],
    [reuse, range],
  );
  const paint = useMemo<Paint>(() => {
    const bars = rows.map((row, index) => ({
      name: row.short,
      value: (row.count / references) * 100,
      isApart: index === rows.length - 1,
    }));
    const chart = { bars, words: (share: number) => `${share} %` };
    return (surface, width, height) => paintBarChart(surface, width, height, chart, now);
  }, [rows, references, now]);
  return (
    <ChartPicture
      kind="reuse"
      of={name}
      words={words.reuse}
      theme={now}
      paint={paint}
      head={[words.reuse.distance, words.reuse.references, words.reuse.share]}
      rows={rows.map((row) => [
        row.name,
        words.number(row.count),
        words.percent(row.count / references),
      ])}
    />
  );
}

interface ChartProps {
  readonly kind: 'sets' | 'reuse';
  /** The trace. */
  readonly of: string;
  readonly words: typeof words.sets | typeof words.reuse;
  readonly theme: typeof theme.value;
  readonly paint: Paint;
  readonly head: readonly string[];
  /** The rows of the table, each beginning with its name. */
  readonly rows: readonly (readonly string[])[];
}

/** A chart with what it says in words, a button that saves it, and its table. */
function ChartPicture({ kind, of, words: told, theme: now, paint, head, rows }: ChartProps) {
  const { title, note, label, caption } = told;
  return (
    <section class="picture" data-picture={kind}>
      <header>
        <h3>{title}</h3>
        <SaveDrawing name={kind} of={of} height={HEIGHT} theme={now} title={title} paint={paint} />
      </header>
      <p class="dialog-note">{note}</p>
      <Drawing paint={paint} height={HEIGHT} theme={now} label={label(of)} />
      <details>
        <summary>{words.numbers}</summary>
        <table class="curves-table">
          <caption>{caption}</caption>
          <thead>
            <tr>
              {head.map((cell) => (
                <th key={cell} scope="col">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, at) => (
                  <td key={head[at + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
