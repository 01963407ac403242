// Draws miss ratios over sizes by uPlot, which is loaded when the curves are first opened. Colour is for pages: curves are
// told apart by their dashes.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type LineChart, paintLineChart } from '../draw/line-chart.ts';
import { NEUTRALS, type Theme } from '../draw/palette.ts';
import type { CurveName } from '../store/run/curves.ts';
import { text } from '../text/text.ts';
import { SaveDrawing } from '../widgets/SaveDrawing.tsx';

export interface DrawnCurve {
  readonly name: CurveName;
  readonly dash: readonly number[];
  readonly isThick: boolean;
  /** Faults for each reference, by size. */
  readonly ratios: readonly number[];
}

interface CurvesChartProps {
  /** The trace that was replayed. */
  readonly name: string;
  readonly sizes: readonly number[];
  readonly curves: readonly DrawnCurve[];
  /** The size that is marked. */
  readonly present: number | undefined;
  readonly theme: Theme;
  readonly label: string;
  readonly onSize: (frames: number) => void;
}

const FONT = '10px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';
/** Above so many sizes of memory the small ones would have no room on an even axis. */
const EVEN = 64;
const HEIGHT = 220;

const LOGARITHMIC: Pick<uPlot.Scale, 'distr' | 'log'> = { distr: 3, log: 10 };

function optionsOf(props: CurvesChartProps, width: number): uPlot.Options {
  const { line, label, mark } = NEUTRALS[props.theme];
  const axis = { stroke: label, font: FONT, grid: { stroke: line, width: 1 } };
  const isEven = (props.sizes.at(-1) ?? 0) <= EVEN;
  const percents = (_: uPlot, splits: number[]) => splits.map((share) => `${share} %`);
  return {
    ...{ width, height: HEIGHT, padding: [8, 12, 0, 0], legend: { show: false } },
    cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    scales: {
      x: { time: false, range: (_, least, most) => [least, most], ...(isEven ? {} : LOGARITHMIC) },
      y: { range: (_, __, most) => [0, Math.max(1, Math.min(100, most * 1.05))] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        label: text.curves.axis,
        labelFont: FONT,
        labelSize: 16,
        ticks: { show: false },
        values: (_, splits) =>
          splits.map((size) => (Number.isInteger(size) ? text.curves.size(size) : '')),
      },
      { ...axis, size: 44, ticks: { show: false }, space: 28, values: percents },
    ],
    series: [
      {},
      ...props.curves.map(({ name, dash, isThick }) => ({
        label: name,
        stroke: isThick ? mark : label,
        width: isThick ? 2.5 : 1.5,
        dash: [...dash],
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => markPresent(plot, props.present, mark)] },
  };
}

/** A line at the size that the machine has. */
function markPresent(plot: uPlot, present: number | undefined, colour: string): void {
  if (present === undefined) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(present, 'x', true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.fillRect(x, bbox.top, Math.max(1, devicePixelRatio), bbox.height);
  ctx.restore();
}

/** The same curves for a picture that is saved. */
function chartOf({ sizes, curves, present }: CurvesChartProps): LineChart {
  const most = Math.max(0.01, ...curves.flatMap(({ ratios }) => ratios)) * 105;
  const lines = curves.map(({ name, dash, isThick, ratios }) => ({
    ...{ name: text.curves.short[name], dash, isThick, at: sizes },
    values: ratios.map((ratio) => ratio * 100),
  }));
  const largest = sizes.at(-1) ?? 1;
  return {
    lines,
    x: { least: sizes[0] ?? 1, most: largest, isLogarithmic: largest > EVEN },
    y: { least: 0, most: Math.min(100, most) },
    xName: text.curves.axis,
    xWords: text.curves.size,
    yWords: (share) => `${share} %`,
    present,
  };
}

export function CurvesChart(props: CurvesChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const { sizes, curves, present, theme } = props;
  const onSize = useRef(props.onSize);
  onSize.current = props.onSize;
  // A plot takes a moment, and a curve comes seldom: it is made anew when anything differs.
  useEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const data = [sizes, ...curves.map(({ ratios }) => ratios.map((ratio) => ratio * 100))];
    const width = () => Math.max(160, element.clientWidth);
    const plot = new uPlot(optionsOf(props, width()), data as uPlot.AlignedData, element);
    plot.over.addEventListener('click', () => {
      const size = sizes[plot.cursor.idx ?? -1];
      if (size !== undefined) onSize.current(size);
    });
    const observer = new ResizeObserver(() => {
      if (width() !== plot.width) plot.setSize({ width: width(), height: HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [sizes, curves, present, theme]);
  return (
    <div class="curves-drawn">
      <div ref={room} class="curves-chart" role="img" aria-label={props.label} />
      <SaveDrawing
        name="curves"
        of={props.name}
        title={text.curves.title}
        height={HEIGHT * 2}
        theme={theme}
        paint={(surface, width, height) =>
          paintLineChart(surface, width, height, chartOf(props), theme)
        }
      />
    </div>
  );
}
