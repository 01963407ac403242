// Paints a bar for each of a few classes, with its name below.

import { FONT, type Panel, paintAxes, yOf } from './axes.ts';
import { panelOf } from './line-chart.ts';
import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** A class of another kind than those beside it is fainter. */
  readonly isApart?: boolean;
}

export interface BarChart {
  readonly bars: readonly Bar[];
  readonly words: (value: number) => string;
}

/** How much of its room a bar takes. */
const WIDTH = 0.72;
/** How wide a sign of a name is. */
const SIGN = 6.2;

export function paintBarChart(
  surface: Surface,
  width: number,
  height: number,
  { bars, words }: BarChart,
  theme: Theme,
): void {
  const panel: Panel = panelOf(width, height, false);
  const { ground, label, mark } = NEUTRALS[theme];
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const y = { least: 0, most: most * 1.05 };
  const none = { least: 0, most: 0 };
  paintAxes(surface, { panel, x: none, y, theme, xWords: () => '', yWords: words });
  const room = (panel.right - panel.left) / bars.length;
  const longest = Math.max(...bars.map(({ name }) => name.length)) * SIGN;
  // Names that do not fit side by side stand at every second, third ... bar, and at the last.
  const every = Math.max(1, Math.ceil((longest + 6) / room));
  surface.save();
  surface.font = FONT;
  surface.textAlign = 'center';
  surface.textBaseline = 'alphabetic';
  for (const [index, { name, value, isApart = false }] of bars.entries()) {
    const left = panel.left + (index + (1 - WIDTH) / 2) * room;
    const top = yOf(panel, y, value);
    const high = Math.max(value > 0 ? 1 : 0, panel.bottom - top);
    // The lines of the axis do not show through.
    surface.fillStyle = ground;
    surface.fillRect(left, top, room * WIDTH, high);
    surface.globalAlpha = isApart ? 0.4 : 0.8;
    surface.fillStyle = mark;
    surface.fillRect(left, top, room * WIDTH, high);
    surface.globalAlpha = 1;
    surface.fillStyle = label;
    const isNamed = (bars.length - 1 - index) % every === 0;
    if (isNamed) surface.fillText(name, left + (room * WIDTH) / 2, panel.bottom + 14);
  }
  surface.restore();
}
