// Draws what travels between the grids over all three: one by one, or as flows when there is too much of it.

import { useEffect, useRef } from 'preact/hooks';
import {
  type Comet,
  clearFlow,
  FLOWS,
  type FlowName,
  paintComets,
  paintStreams,
  type Stream,
} from '../draw/flow.ts';
import { ACTIVE, READING, WRITING, ZEROED } from '../draw/palette.ts';
import type { Flight, FlightKind, GridName } from '../store/animation/animations.ts';
import { presentation } from '../store/animation/presentation.ts';
import { shown } from '../store/animation/shown.ts';
import { observed } from '../store/machine/observation.ts';
import { loop } from '../store/page/loop.ts';
import { theme } from '../store/page/settings.ts';
import { text } from '../text/text.ts';
import { placeOf } from './cell-positions.ts';
import { Wires } from './Wires.tsx';
import './Flow.css';

interface Bed {
  readonly from: readonly [grid: GridName, share: number];
  readonly to: readonly [grid: GridName, share: number];
  readonly state: number;
}

/** Where each flow runs: from and to which share of a grid. */
const BEDS: Readonly<Record<FlowName, Bed>> = {
  demand_zero: { from: ['pages', 0.3], to: ['frames', 0.3], state: ZEROED },
  copies: { from: ['frames', 0.15], to: ['frames', 0.85], state: ACTIVE },
  swap_writes: { from: ['frames', 0.6], to: ['slots', 0.6], state: WRITING },
  swap_reads: { from: ['slots', 0.4], to: ['frames', 0.4], state: READING },
};

/** Of more at a time words would lie upon each other. */
const MOST_LABELLED = 3;

/** Counts the journeys that have been drawn since the page opened, by their kinds. */
class SeenFlights {
  readonly counts = new Map<FlightKind, number>();
  readonly #seen = new WeakSet<object>();

  note({ kind, from }: Flight): void {
    // However often it is drawn, a journey keeps the address that it left from.
    if (this.#seen.has(from)) return;
    this.#seen.add(from);
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }
}

export function Flow() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isClear = true;
    const seen = new SeenFlights();
    return loop.paint(() => {
      const surface = canvas.current;
      const context = surface?.getContext('2d');
      const moves = presentation.moves();
      const flights = presentation.flights();
      const flows = presentation.flows();
      surface?.toggleAttribute('data-moving', moves);
      const isEmpty = flights.length === 0 && FLOWS.every((name) => flows[name] === 0);
      if (surface === null || !context || (isEmpty && isClear)) return moves;
      const bounds = surface.getBoundingClientRect();
      const ratio = devicePixelRatio;
      const [width, height] = [Math.round(bounds.width * ratio), Math.round(bounds.height * ratio)];
      if (surface.width !== width || surface.height !== height) {
        surface.width = width;
        surface.height = height;
      }
      const at = (grid: string, index: number) => {
        const place = placeOf(grid, index);
        return place && { ...place, x: place.x - bounds.left, y: place.y - bounds.top };
      };
      const comets: Comet[] = [];
      for (const flight of flights) {
        const { from, to, progress, state, kind } = flight;
        const [a, b] = [at(from.grid, from.index), at(to.grid, to.index)];
        if (a === undefined || b === undefined) continue;
        const label = flights.length <= MOST_LABELLED && { label: text.journeys[kind] };
        comets.push({ from: a, to: b, progress, state, ...label });
        seen.note(flight);
      }
      const sizes = cellCounts();
      const streams: Stream[] = [];
      for (const name of FLOWS) {
        const { from, to, state } = BEDS[name];
        const [a, b] = [from, to].map(([grid, share]) => at(grid, Math.floor(sizes[grid] * share)));
        if (a === undefined || b === undefined) continue;
        const count = flows[name];
        streams.push({ from: a, to: b, count, state, label: text.flows[name](count) });
      }
      const view = { width: bounds.width, height: bounds.height, ratio, theme: theme.value };
      clearFlow(context, view);
      paintStreams(context, streams, view);
      paintComets(context, comets, view);
      isClear = isEmpty;
      surface.toggleAttribute('data-travelling', comets.length > 0);
      for (const [kind, count] of seen.counts)
        surface.setAttribute(`data-seen-${kind}`, `${count}`);
      surface.toggleAttribute(
        'data-flowing',
        streams.some(({ count }) => count > 0),
      );
      return moves || !isClear;
    });
  }, []);
  return (
    <div class="flow" aria-hidden="true" data-playing={shown.playing.value || undefined}>
      <Wires />
      <canvas ref={canvas} class="journeys" />
    </div>
  );
}

function cellCounts(): Record<GridName, number> {
  const { frames = 0, slots = 0 } = observed.machine.value?.layout ?? {};
  return { pages: observed.selected.value?.pages ?? 0, frames, slots };
}
