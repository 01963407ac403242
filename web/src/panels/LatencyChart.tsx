// Draws the curves of latencies by uPlot. It is loaded when the panel is first opened, for it is as large as a panel.

import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Distribution } from '../draw/distribution.ts';
import { colourOf, NEUTRALS, type Theme, ZEROED } from '../draw/palette.ts';
import { drawsAs } from '../picture/drawings.ts';
import { text } from '../text/text.ts';

interface LatencyChartProps {
  readonly distribution: Distribution;
  /** The page state that each kind of fault finds: its curve has that hue. */
  readonly states: readonly number[];
  readonly names: readonly string[];
  readonly theme: Theme;
  readonly label: string;
  readonly unit: string;
}

/** Its axes are words, which are slow to draw, and curves of many faults change slowly. */
const REDRAW_MS = 400;

/** Room beside the curves for half of the last duration, which may stand below their end. */
const END = 26;

const FONT = '10px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

function hueOf(theme: Theme, state: number): string {
  const { fill, ink } = colourOf(theme, state);
  // The one hue that is nearly the ground's.
  return state === ZEROED ? ink : fill;
}

function optionsOf(
  { states, names, theme }: LatencyChartProps,
  width: number,
  height: number,
): uPlot.Options {
  const { line, label } = NEUTRALS[theme];
  const axis = { stroke: label, font: FONT, grid: { stroke: line, width: 1 } };
  return {
    ...{ width, height, legend: { show: false }, cursor: { show: false } },
    padding: [6, END, 0, 0],
    scales: {
      x: { time: false, distr: 3, log: 10 },
      y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] },
    },
    axes: [
      {
        ...axis,
        size: 22,
        ticks: { show: false },
        filter: (_, splits) => splits.map((ns) => (Number.isInteger(Math.log10(ns)) ? ns : null)),
        values: (_, splits) => splits.map((ns) => (ns === null ? '' : text.duration(ns))),
      },
      {
        ...axis,
        size: 38,
        ticks: { show: false },
        space: 48,
        values: (_, splits) => splits.map((share) => `${share} %`),
      },
    ],
    series: [
      {},
      ...states.map((state, kind) => ({
        label: names[kind] ?? '',
        stroke: hueOf(theme, state),
        fill: `${hueOf(theme, state)}26`,
        width: 1.75,
        points: { show: false },
      })),
    ],
  };
}

export function LatencyChart(props: LatencyChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const { distribution, theme, label } = props;
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const data = (): uPlot.AlignedData => {
      const { durations, shares } = latest.current.distribution;
      return [durations, ...shares];
    };
    const size = () => ({
      width: Math.max(120, element.clientWidth),
      height: Math.max(90, element.clientHeight),
    });
    const { width, height } = size();
    const plot = new uPlot(optionsOf(latest.current, width, height), data(), element);
    chart.current = plot;
    drawsAs(plot.ctx.canvas, (surface) => drawCurves(surface, latest.current, plot));
    const observer = new ResizeObserver(() => {
      const now = size();
      if (now.width !== plot.width || now.height !== plot.height) plot.setSize(now);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
    // A theme's colours are a chart's for life.
  }, [theme]);

  const timer = useRef(0);
  useEffect(() => {
    if (timer.current !== 0) return;
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      const { durations, shares } = latest.current.distribution;
      chart.current?.setData([durations, ...shares]);
    }, REDRAW_MS);
  }, [distribution]);
  useEffect(() => () => clearTimeout(timer.current), []);

  return <div ref={room} class="latency-chart" role="img" aria-label={label} />;
}

/** The same curves for a picture, where the chart placed them. */
function drawCurves(
  surface: Parameters<Parameters<typeof drawsAs>[1]>[0],
  { distribution: { durations, shares }, states, theme }: LatencyChartProps,
  plot: uPlot,
): void {
  const { line, label } = NEUTRALS[theme];
  const ratio = devicePixelRatio;
  const at = (value: number, scale: 'x' | 'y') => plot.valToPos(value, scale, true) / ratio;
  surface.font = FONT;
  surface.fillStyle = label;
  surface.textAlign = 'center';
  for (let power = 0; power < 10; power++) {
    const ns = 10 ** power;
    if (ns < (durations[0] ?? 0) || ns > (durations.at(-1) ?? 0)) continue;
    surface.fillText(text.duration(ns), at(ns, 'x'), plot.height - 8);
  }
  surface.strokeStyle = line;
  surface.lineWidth = 1;
  surface.beginPath();
  surface.moveTo(at(durations[0] ?? 1, 'x'), at(0, 'y'));
  surface.lineTo(at(durations.at(-1) ?? 1, 'x'), at(0, 'y'));
  surface.stroke();
  surface.lineWidth = 1.75;
  for (const [kind, curve] of shares.entries()) {
    surface.strokeStyle = hueOf(theme, states[kind] ?? 0);
    surface.beginPath();
    let isFirst = true;
    for (const [bin, share] of curve.entries()) {
      if (share === null) continue;
      const [x, y] = [at(durations[bin] ?? 1, 'x'), at(share, 'y')];
      if (isFirst) surface.moveTo(x, y);
      else surface.lineTo(x, y);
      isFirst = false;
    }
    surface.stroke();
  }
}
