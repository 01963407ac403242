// Shows the slider over the run: a range input, and beneath it a canvas that shows what is known of the run.

import { useEffect, useRef } from 'preact/hooks';
import { paintScrub } from '../draw/scrub.ts';
import type { Surface } from '../draw/surface.ts';
import { drawsAs } from '../picture/drawings.ts';
import { loop } from '../store/page/loop.ts';
import { theme } from '../store/page/settings.ts';
import { expectedEnds } from '../store/run/expected-length.ts';
import { scenario, usable } from '../store/run/open-machine.ts';
import { known, playhead } from '../store/run/playhead.ts';
import { distanceOf, type Span, spanOf, targetAt } from '../store/run/run-length.ts';
import { seek } from '../store/run/session.ts';
import { drag, drop, step } from '../store/run/transport.ts';
import { scriptOf } from '../store/script/document.ts';
import { text } from '../text/text.ts';
import { useRedrawOnResize } from './redraw-on-resize.ts';
import './Scrub.css';

/** Half of the thumb's width, as the style sheet has it. */
const INSET = 6;
/** The lines ahead that get a dot each. */
const MOST_DOTS = 400;

/** Where failed lines ended, in events. */
function failedEnds(): number[] {
  const lines = known.lines();
  return lines.flatMap(({ outcome, end }) => (outcome.ok || end === undefined ? [] : [end.events]));
}

function spanNow(): Span {
  known.version.value;
  const ends = known.lines().map(({ end }) => end?.events ?? 0);
  const now = scenario.value;
  return spanOf(ends, known.end(), scriptOf(now).length, expectedEnds(now));
}

export function Scrub() {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const span = spanNow();
  const latest = useRef(span);
  latest.current = span;
  const { events, line, time_ns } = playhead.value;
  const total = scriptOf(scenario.value).length;

  useRedrawOnResize(frame);

  useEffect(() => {
    let painted = '';
    let paintedSpan: Span | undefined;
    return loop.paint(() => {
      const [room, surface] = [frame.current, canvas.current];
      const context = surface?.getContext('2d');
      if (room === null || surface === null || !context) return false;
      const { clientWidth: width, clientHeight: height } = room;
      const ratio = devicePixelRatio;
      const here = distanceOf(latest.current, playhead.peek());
      const key = `${width} ${height} ${ratio} ${theme.value} ${here}`;
      if (key === painted && paintedSpan === latest.current) return false;
      painted = key;
      paintedSpan = latest.current;
      if (surface.width !== Math.round(width * ratio)) surface.width = Math.round(width * ratio);
      if (surface.height !== Math.round(height * ratio)) {
        surface.height = Math.round(height * ratio);
      }
      const draw = (onto: Surface, scale: number) => {
        const { known: end, starts, ahead, length } = latest.current;
        const share = (distance: number) => distance / Math.max(1e-9, length);
        paintScrub(onto, {
          width,
          height,
          ratio: scale,
          theme: theme.value,
          inset: INSET,
          known: share(end),
          here: share(here),
          starts: starts.map(share),
          failed: failedEnds().map(share),
          ahead: ahead.slice(0, MOST_DOTS).map(share),
        });
      };
      draw(context, ratio);
      drawsAs(surface, (picture) => draw(picture, 1));
      return false;
    });
  }, []);
  useEffect(() => loop.request());

  const onKeyDown = (event: KeyboardEvent) => {
    const act = KEYS[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(latest.current);
  };

  return (
    <div ref={frame} class="scrub">
      <div aria-hidden="true">
        <canvas ref={canvas} />
      </div>
      <input
        type="range"
        min={0}
        max={span.length}
        step="any"
        value={distanceOf(span, playhead.value)}
        aria-label={text.transport.scrub}
        aria-valuetext={text.transport.valueText(events, span.knownEvents, time_ns, line, total)}
        disabled={!usable.value || total === 0}
        onInput={(event) => drag(targetAt(latest.current, Number(event.currentTarget.value)))}
        onChange={drop}
        onPointerUp={drop}
        onPointerCancel={drop}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

/** A twentieth of the way. */
function leap(span: Span, by: 1 | -1): void {
  drag(targetAt(span, distanceOf(span, playhead.peek()) + (by * span.length) / 20));
  drop();
}

const KEYS: Readonly<Record<string, (span: Span) => void>> = {
  ArrowRight: () => step('event', 'forward'),
  ArrowUp: () => step('event', 'forward'),
  ArrowLeft: () => step('event', 'back'),
  ArrowDown: () => step('event', 'back'),
  PageUp: (span) => leap(span, 1),
  PageDown: (span) => leap(span, -1),
  Home: () => void seek(0),
  End: () => void seek(scriptOf(scenario.value).length),
};
