// Draws useful work, the use of the CPUs, and faults over the number of processes, with a line at the knee, and lists the
// numbers. A click, or a button of the table, makes the machine with so many processes.

import { useMemo } from 'preact/hooks';
import { valueAt } from '../draw/axes.ts';
import { type Line, type LineChart, paintLineChart, panelOf } from '../draw/line-chart.ts';
import type { Load } from '../engine/thrashing-messages.ts';
import { theme } from '../store/page/settings.ts';
import type { Thrashing } from '../store/run/thrashing.ts';
import { openCrowd } from '../store/visit/crowds.ts';
import { text } from '../text/text.ts';
import { Drawing, type Paint } from '../widgets/Drawing.tsx';
import { SaveDrawing } from '../widgets/SaveDrawing.tsx';
import './CurvesDialog.css';
import './PicturesView.css';

const words = text.thrashing;
const HEIGHT = 170;

/** A line of a chart: its name, its value, and how it is told apart. */
interface Told {
  readonly name: string;
  readonly of: (load: Load) => number;
  readonly dash: readonly number[];
}

const WORK: readonly Told[] = [
  { name: words.work.line, of: (load) => load.accesses_per_s, dash: [] },
];
const USE: readonly Told[] = [{ name: words.use.line, of: (load) => load.cpu_use, dash: [] }];
const FAULTS: readonly Told[] = [
  { name: words.faults.line, of: (load) => load.faults_per_s, dash: [] },
  { name: words.faults.reads, of: (load) => load.reads_per_s, dash: [2, 3] },
];

interface ThrashingViewProps {
  readonly name: string;
  readonly thrashing: Thrashing;
}

export function ThrashingView({ name, thrashing }: ThrashingViewProps) {
  const chart = { name, thrashing };
  return (
    <div class="thrashing">
      <Chart {...chart} kind="work" lines={WORK} yWords={text.pictures.short} />
      <Chart {...chart} kind="use" lines={USE} yWords={words.percent} />
      <Chart {...chart} kind="faults" lines={FAULTS} yWords={text.pictures.short} />
      <Table {...chart} />
    </div>
  );
}

interface ChartProps extends ThrashingViewProps {
  readonly kind: 'work' | 'use' | 'faults';
  readonly lines: readonly Told[];
  readonly yWords: (value: number) => string;
}

function Chart({ name, thrashing: { loads, most, knee }, kind, lines: told, yWords }: ChartProps) {
  const now = theme.value;
  const { title, label } = words[kind];
  const chart = useMemo<LineChart>(() => {
    const lines = told.map<Line>(({ name, of, dash }, index) => ({
      ...{ name, dash, isThick: index === 0 },
      at: loads.map(({ processes }) => processes),
      values: loads.map(of),
    }));
    const highest = Math.max(...lines.flatMap(({ values }) => values));
    return {
      lines,
      x: { least: 1, most: Math.max(2, most) },
      y: { least: 0, most: (highest > 0 ? highest : 1) * 1.05 },
      xName: words.axis,
      xWords: (value) => (Number.isInteger(value) ? words.number(value) : ''),
      yWords,
      present: knee?.processes,
    };
  }, [loads, most, knee, told, yWords]);
  const paint = useMemo<Paint>(
    () => (surface, width, height) => paintLineChart(surface, width, height, chart, now),
    [chart, now],
  );
  return (
    <section class="picture" data-thrashing={kind}>
      <header>
        <h3>{title}</h3>
        <SaveDrawing
          name={kind}
          of={name}
          height={HEIGHT * 2}
          theme={now}
          title={title}
          paint={paint}
        />
      </header>
      <Drawing paint={paint} height={HEIGHT} theme={now} label={label(name)}>
        <div
          class="thrashing-layer"
          onPointerUp={({ clientX, currentTarget }) => {
            const bounds = currentTarget.getBoundingClientRect();
            const { left, right } = panelOf(bounds.width, bounds.height);
            const share = (clientX - bounds.left - left) / (right - left);
            const nearest = Math.round(valueAt(chart.x, Math.min(1, Math.max(0, share))));
            if (loads.some(({ processes }) => processes === nearest)) void openCrowd(nearest);
          }}
        />
      </Drawing>
    </section>
  );
}

function Table({ thrashing: { loads, knee } }: ThrashingViewProps) {
  return (
    <div class="curves-scroll">
      <table class="curves-table">
        <caption>{words.table}</caption>
        <thead>
          <tr>
            <th scope="col">{words.processes}</th>
            <th scope="col">{words.accesses}</th>
            <th scope="col">{words.cpuUse}</th>
            <th scope="col">{words.allFaults}</th>
            <th scope="col">{words.reads}</th>
          </tr>
        </thead>
        <tbody>
          {loads.map((load) => {
            const { processes } = load;
            const isKnee = processes === knee?.processes;
            return (
              <tr key={processes} aria-current={isKnee ? 'true' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    data-processes={processes}
                    aria-label={words.choose(processes)}
                    onClick={() => void openCrowd(processes)}
                  >
                    {words.number(processes)}
                  </button>
                  {isKnee && <span class="chip">{words.kneeMark}</span>}
                </th>
                <td>{words.rate(load.accesses_per_s)}</td>
                <td>{words.percent(load.cpu_use)}</td>
                <td>{words.rate(load.faults_per_s)}</td>
                <td>{words.rate(load.reads_per_s)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
