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
      xWords: words.short,
      yWords: words.number,
    };
    return (surface, width, height) => paintLineChart(surface, width, height, chart, now);
  }, [sets, references, now]);
  const { title, note, label, caption } = words.sets;
  return (
    <section class="picture" data-picture="sets">
      <header>
        <h3>{title}</h3>
        <SaveDrawing
          name="sets"
          of={name}
          height={HEIGHT}
          theme={now}
          title={title}
          paint={paint}
        />
      </header>
      <p class="dialog-note">{note}</p>
      <Drawing paint={paint} height={HEIGHT} theme={now} label={label(name)} />
      <details>
        <summary>{words.numbers}</summary>
        <table class="curves-table">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.sets.references}</th>
              <th scope="col">{words.sets.mean}</th>
              <th scope="col">{words.sets.most}</th>
            </tr>
          </thead>
          <tbody>
            {sets.map(({ window, mean, most }) => (
              <tr key={window}>
                <th scope="row">{words.number(window)}</th>
                <td>{words.number(Math.round(mean * 10) / 10)}</td>
                <td>{words.number(Math.max(...most))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

interface ReuseProps {
  readonly name: string;
  readonly references: number;
  readonly reuse: TraceReuse;
}

function ReusePicture({ name, references, reuse }: ReuseProps) {
  const now = theme.value;
  const { title, note, label, caption, range } = words.reuse;
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
    <section class="picture" data-picture="reuse">
      <header>
        <h3>{title}</h3>
        <SaveDrawing
          name="reuse"
          of={name}
          height={HEIGHT}
          theme={now}
          title={title}
          paint={paint}
        />
      </header>
      <p class="dialog-note">{note}</p>
      <Drawing paint={paint} height={HEIGHT} theme={now} label={label(name)} />
      <details>
        <summary>{words.numbers}</summary>
        <table class="curves-table">
          <caption>{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.reuse.distance}</th>
              <th scope="col">{words.reuse.references}</th>
              <th scope="col">{words.reuse.share}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                <td>{words.number(row.count)}</td>
                <td>{words.percent(row.count / references)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
