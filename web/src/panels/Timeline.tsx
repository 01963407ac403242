// Shows all that happened in the run along its time: a lane for each CPU and daemon, zoomed and panned by pointer, fingers
// and keys. A click goes there; a drag selects a span, whose sums stand beside it.

import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Surface } from '../draw/surface.ts';
import { hitAt, type Lanes, lanesOf, paintTimeline, type TimelineShape } from '../draw/timeline.ts';
import { zoomed } from '../draw/timeline-view.ts';
import { drawsAs } from '../picture/drawings.ts';
import { observed } from '../store/machine/observation.ts';
import { hasSingleKeys } from '../store/page/key-choices.ts';
import { loop } from '../store/page/loop.ts';
import { theme } from '../store/page/settings.ts';
import { clockStep } from '../store/run/clock.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { playhead } from '../store/run/playhead.ts';
import { trackName, wordsOf } from '../store/timeline/facts.ts';
import { timeline } from '../store/timeline/timeline.ts';
import { text } from '../text/text.ts';
import { Panel } from './Panel.tsx';
import { useRedrawOnResize } from './redraw-on-resize.ts';
import { TimelineList } from './TimelineList.tsx';
import { TimelineSums } from './TimelineSums.tsx';
import { type Pointed, useTimelineInput } from './timeline-input.ts';
import './Timeline.css';

const isVirtual = () => runtimeKind.peek() !== 'threads';

/** What is drawn now, but for the place that it is drawn in. */
function sceneNow(room: HTMLElement, pointed: Pointed | undefined) {
  const tracks = timeline.tracks.peek();
  const { clientWidth: width, clientHeight: height, scrollTop: top } = room;
  const moment = playhead.peek().time_ns;
  const all = tracks?.all ?? [];
  const lanes = lanesOf(all, observed.machine.peek()?.rows ?? 0, height);
  const shape: Omit<TimelineShape, 'ratio'> = {
    ...{ width, height, top, theme: theme.peek(), view: timeline.seen(moment) },
    last: Math.max(tracks?.last ?? 0, moment),
    playhead: isVirtual() && tracks !== undefined ? moment : undefined,
    origin: timeline.origin(),
    selection: timeline.selection.peek(),
    hovered: pointed?.moment,
    laneLabel: trackName,
    sliceLabel: wordsOf,
    tickLabel: text.faults.tick,
  };
  return { all, lanes, shape };
}

function usePainting(
  room: { readonly current: HTMLElement | null },
  canvas: { readonly current: HTMLCanvasElement | null },
  pointed: Signal<Pointed | undefined>,
): void {
  useEffect(() => {
    let painted: readonly unknown[] = [];
    return loop.paint(() => {
      const [element, surface] = [room.current, canvas.current];
      const context = surface?.getContext('2d');
      if (element === null || surface === null || !context) return false;
      const scene = sceneNow(element, pointed.peek());
      const { width, height, top, view, selection, hovered, playhead: moment, last } = scene.shape;
      const ratio = devicePixelRatio;
      const tracks = timeline.tracks.peek();
      const key = [
        ...[tracks, tracks?.version, width, height, top, ratio, theme.peek(), view.from, view.to],
        ...[selection, hovered, moment, last, observed.processes.peek()],
      ];
      if (key.every((part, at) => part === painted[at])) return false;
      painted = key;
      sizeTo(surface, scene.lanes, width, height, ratio);
      paintTimeline(context, { ...scene.shape, ratio }, scene.all, scene.lanes);
      drawsAs(surface, (picture: Surface) => {
        const { all, lanes, shape } = sceneNow(element, undefined);
        paintTimeline(picture, { ...shape, ratio: 1 }, all, lanes);
      });
      return false;
    });
  }, [room, canvas, pointed]);
  useEffect(() => loop.request());
}

/** The canvas is as large as what is seen, and the room behind it as high as all lanes. */
function sizeTo(
  surface: HTMLCanvasElement,
  lanes: Lanes,
  width: number,
  height: number,
  ratio: number,
): void {
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (surface.width !== wide || surface.height !== high) {
    surface.width = wide;
    surface.height = high;
    surface.style.width = `${width}px`;
    surface.style.height = `${height}px`;
  }
  const all = `${Math.max(height, lanes.height)}px`;
  const { parentElement: behind } = surface;
  if (behind !== null && behind.style.height !== all) behind.style.height = all;
}

export function Timeline() {
  const room = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointed = useSignal<Pointed | undefined>(undefined);
  const listed = useSignal(false);
  const focused = useSignal(false);
  useRedrawOnResize(room);
  usePainting(room, canvas, pointed);
  const input = useTimelineInput(room, pointed);
  useSignalEffect(() => timeline.follow(playhead.value.time_ns));
  useSignalEffect(() => {
    timeline.tracks.value;
    theme.value;
    loop.request();
  });

  const threads = runtimeKind.value === 'threads';
  const readout = useComputed(() => {
    const point = pointed.value;
    const element = room.current;
    if (point === undefined || element === null) return '';
    const { all, lanes, shape } = sceneNow(element, point);
    const hit = hitAt(all, lanes, shape, point.x, point.y);
    const when = text.duration(point.moment - timeline.origin());
    if (hit === undefined) return text.timeline.at(when);
    const { slice, isMark, ring } = hit;
    const words = isMark
      ? text.timeline.mark(observedKind(slice.kind), slice.number)
      : wordsOf(slice);
    const length = Math.min(slice.end, shape.last) - slice.begin;
    const lasts = isMark ? '' : `, ${text.timed(length, clockStep.value)}`;
    return `${trackName(ring)}: ${words}${lasts}, ${text.timeline.at(when)}`;
  });
  return (
    <Panel
      name="tape"
      title={text.panels.tape}
      caption={
        observed.machine.value === undefined
          ? ''
          : threads
            ? text.faults.measuredTime
            : text.faults.virtualTime
      }
      controls={<Controls listed={listed} />}
      readout={readout.value}
    >
      <div class="timeline">
        <div
          ref={room}
          class={threads ? 'tape' : 'tape travels'}
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what is zoomed and panned by keys takes the focus
          tabIndex={0}
          aria-label={text.timeline.lanes(threads)}
          aria-describedby="timeline-keys timeline-seen"
          onFocus={() => {
            focused.value = true;
          }}
          onBlur={() => {
            focused.value = false;
          }}
          onScroll={() => loop.request()}
          {...input}
        >
          <div class="tape-room" aria-hidden="true">
            <canvas ref={canvas} />
          </div>
        </div>
        <Side listed={listed.value} />
      </div>
      <p id="timeline-keys" class="unseen">
        {text.timeline.keys(hasSingleKeys.value)}
      </p>
      <Seen isLive={focused.value} />
      <Notes />
    </Panel>
  );
}

const observedKind = (kind: number): string =>
  text.eventKind(observed.machine.peek()?.layout.event_kinds[kind] ?? '');

function Controls({ listed }: { listed: Signal<boolean> }) {
  const zoom = (factor: number) => {
    const moment = playhead.peek().time_ns;
    const view = timeline.seen(moment);
    const isSeen = moment >= view.from && moment <= view.to && isVirtual();
    const at = isSeen ? moment : (view.from + view.to) / 2;
    timeline.see(zoomed(view, factor, at, timeline.whole(moment)));
  };
  const words = text.timeline;
  return (
    <fieldset class="timeline-controls">
      <button
        type="button"
        class="button quiet"
        aria-label={words.zoomOut}
        title={words.zoomOut}
        onClick={() => zoom(0.5)}
      >
        −
      </button>
      <button
        type="button"
        class="button quiet"
        aria-label={words.zoomIn}
        title={words.zoomIn}
        onClick={() => zoom(2)}
      >
        +
      </button>
      <button
        type="button"
        class="button quiet"
        data-timeline="whole"
        onClick={() => timeline.see(undefined)}
      >
        {words.whole}
      </button>
      <button
        type="button"
        class="button quiet"
        data-timeline="select"
        title={words.selectMeaning}
        onClick={() => timeline.select(timeline.seen(playhead.peek().time_ns))}
      >
        {words.select}
      </button>
      <button
        type="button"
        class="button quiet"
        data-timeline="list"
        aria-pressed={listed.value}
        onClick={() => {
          listed.value = !listed.value;
        }}
      >
        {words.list}
      </button>
    </fieldset>
  );
}

function Side({ listed }: { listed: boolean }) {
  observed.lanes.value;
  timeline.ringsRead.value;
  const selection = timeline.selection.value;
  if (selection === undefined && !listed) return null;
  return (
    <div class="timeline-side">
      {selection !== undefined && <TimelineSums span={selection} />}
      {listed && <TimelineList />}
    </div>
  );
}

/** What is seen, in words. */
function Seen({ isLive }: { isLive: boolean }) {
  observed.lanes.value;
  timeline.ringsRead.value;
  timeline.chosen.value;
  const view = timeline.seen(playhead.peek().time_ns);
  const sums = timeline.tracks.value?.sums(view.from, view.to);
  const origin = timeline.origin();
  const count = (of: Float64Array | undefined) => of?.reduce((sum, one) => sum + one, 0) ?? 0;
  return (
    <p id="timeline-seen" class="unseen" aria-live={isLive ? 'polite' : 'off'}>
      {text.timeline.seen(
        text.duration(view.from - origin),
        text.duration(view.to - origin),
        count(sums?.slices.count),
        count(sums?.marks.count),
      )}
    </p>
  );
}

/** What the timeline does not have. */
function Notes() {
  observed.lanes.value;
  timeline.ringsRead.value;
  const { keptFrom, lost = 0 } = timeline.tracks.value ?? {};
  if (keptFrom === undefined && lost === 0) return null;
  return (
    <p class="timeline-note hint">
      {keptFrom !== undefined &&
        text.timeline.keptFrom(text.duration(keptFrom - timeline.origin()))}
      {lost > 0 && ` ${text.timeline.lost(lost)}`}
    </p>
  );
}
