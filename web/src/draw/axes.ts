// Draws the axes of a chart: a line and a number at each round value, and the places of values between them.

import { NEUTRALS, type Theme } from './palette.ts';
import type { Surface } from './surface.ts';

export const FONT = '10px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

/** Where a chart's marks are, in CSS pixels from the corner of the surface. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Axis {
  readonly least: number;
  readonly most: number;
  /** Whether each ten times as much is as far; then the least is above 0. */
  readonly isLogarithmic?: boolean;
}

/** How far along its axis a value is, from 0 to 1. */
export function shareOf({ least, most, isLogarithmic = false }: Axis, value: number): number {
  if (most <= least) return 0.5;
  if (!isLogarithmic) return (value - least) / (most - least);
  return Math.log(value / least) / Math.log(most / least);
}

/** The value at a share of an axis: the inverse of `shareOf`. */
export function valueAt({ least, most, isLogarithmic = false }: Axis, share: number): number {
  return isLogarithmic ? least * (most / least) ** share : least + (most - least) * share;
}

export const xOf = ({ left, right }: Panel, axis: Axis, value: number) =>
  left + shareOf(axis, value) * (right - left);

export const yOf = ({ top, bottom }: Panel, axis: Axis, value: number) =>
  bottom - shareOf(axis, value) * (bottom - top);

/** Round values of an axis, about so many: 1, 2 or 5 times a power of ten apart, or such values where it is logarithmic. */
export function roundValues(
  { least, most, isLogarithmic = false }: Axis,
  atMost: number,
): number[] {
  const values: number[] = [];
  if (isLogarithmic) {
    for (const steps of [[1, 2, 5], [1, 3], [1]]) {
      values.length = 0;
      for (let power = 10 ** Math.floor(Math.log10(least)); power <= most; power *= 10) {
        values.push(...steps.map((step) => step * power).filter((v) => v >= least && v <= most));
      }
      if (values.length <= atMost) break;
    }
    return values;
  }
  const rough = (most - least) / atMost;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? rough;
  for (let at = Math.ceil(least / step); at * step <= most * (1 + 1e-9); at++) {
    // No rests of binary fractions.
    values.push(Number((at * step).toPrecision(12)));
  }
  return values;
}

interface Drawn {
  readonly panel: Panel;
  readonly x: Axis;
  readonly y?: Axis;
  readonly theme: Theme;
  readonly xWords: (value: number) => string;
  readonly yWords?: (value: number) => string;
}

/** How much room a number below the chart takes at least. */
const ROOM_X = 64;
const ROOM_Y = 30;

/** Draws the lines and numbers of both axes, or of the one below alone. */
export function paintAxes(surface: Surface, { panel, x, y, theme, xWords, yWords }: Drawn): void {
  const { line, label } = NEUTRALS[theme];
  const { left, right, top, bottom } = panel;
  surface.save();
  surface.font = FONT;
  surface.fillStyle = label;
  surface.textBaseline = 'alphabetic';
  surface.textAlign = 'center';
  for (const value of roundValues(x, Math.max(3, Math.floor((right - left) / ROOM_X)))) {
    surface.fillText(xWords(value), xOf(panel, x, value), bottom + 14);
  }
  if (y !== undefined && yWords !== undefined) {
    surface.textAlign = 'right';
    surface.textBaseline = 'middle';
    for (const value of roundValues(y, Math.max(2, Math.floor((bottom - top) / ROOM_Y)))) {
      const height = Math.round(yOf(panel, y, value));
      surface.fillText(yWords(value), left - 6, height);
      surface.globalAlpha = value === y.least ? 1 : 0.7;
      surface.fillStyle = line;
      surface.fillRect(left, height, right - left, 1);
      surface.fillStyle = label;
      surface.globalAlpha = 1;
    }
  }
  surface.restore();
}
