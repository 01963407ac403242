// Reads what a visitor does with the timeline: the pointer, the wheel, one finger or two, and keys, of which single
// letters are heard here alone, while the timeline has the focus.

import type { Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { LABEL_WIDTH, panned, type View, xToTime, zoomed } from '../draw/timeline-view.ts';
import { hasSingleKeys } from '../store/page/key-choices.ts';
import { loop } from '../store/page/loop.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { playhead } from '../store/run/playhead.ts';
import { goTo } from '../store/run/transport.ts';
import { timeline } from '../store/timeline/timeline.ts';

/** Where the pointer is, in the room of the lanes. */
export interface Pointed {
  readonly x: number;
  readonly y: number;
  readonly moment: number;
}

const KEY_ZOOM = 1.5;
const KEY_PAN = 0.15;
const KEY_SELECT = 0.02;
/** A pointer that moves less than so many pixels clicks. */
const CLICK = 4;

const now = (): number => playhead.peek().time_ns;

/** Goes to a moment, in a run that can. */
export function goToMoment(moment: number): void {
  if (runtimeKind.peek() === 'threads') return;
  void goTo({ time_ns: Math.max(0, Math.round(moment)) });
}

function zoom(factor: number, at: number): void {
  timeline.see(zoomed(timeline.seen(now()), factor, at, timeline.whole(now())));
}

function pan(share: number): void {
  timeline.see(panned(timeline.seen(now()), share, timeline.whole(now())));
}

/** Shows the selection, with a little room on both sides. */
function fitSelection(): void {
  const span = timeline.selection.peek();
  if (span === undefined) return;
  const view = timeline.seen(now());
  const factor = (view.to - view.from) / Math.max(1, (span.to - span.from) * 1.1);
  const middle = (span.from + span.to) / 2;
  const centred = panned(
    view,
    (middle - (view.from + view.to) / 2) / (view.to - view.from),
    timeline.whole(now()),
  );
  timeline.see(zoomed(centred, factor, middle, timeline.whole(now())));
}

/** Moves the end of the selection; a new one begins at the playhead, or in the middle. */
function extend(share: number): void {
  const view = timeline.seen(now());
  const isSeen = now() >= view.from && now() <= view.to && runtimeKind.peek() !== 'threads';
  const start = isSeen ? now() : (view.from + view.to) / 2;
  const { from, to } = timeline.selection.peek() ?? { from: start, to: start };
  timeline.select({ from, to: Math.max(from, to + share * (view.to - view.from)) });
}

function ordered(a: number, b: number): View {
  return { from: Math.min(a, b), to: Math.max(a, b) };
}

/** The deed of a key; nothing if it has none here. */
function deedOf(event: KeyboardEvent, at: number): (() => void) | undefined {
  const letter = hasSingleKeys.peek() && !event.shiftKey ? event.key.toLowerCase() : '';
  if (event.key === 'ArrowUp' || letter === 'w') return () => zoom(KEY_ZOOM, at);
  if (event.key === 'ArrowDown' || letter === 's') return () => zoom(1 / KEY_ZOOM, at);
  if (event.shiftKey && event.key === 'ArrowLeft') return () => extend(-KEY_SELECT);
  if (event.shiftKey && event.key === 'ArrowRight') return () => extend(KEY_SELECT);
  if (event.key === 'ArrowLeft' || letter === 'a') return () => pan(-KEY_PAN);
  if (event.key === 'ArrowRight' || letter === 'd') return () => pan(KEY_PAN);
  if (event.key === 'Home') return () => timeline.see(undefined);
  const span = timeline.selection.peek();
  if (span === undefined) return undefined;
  if (event.key === 'Enter') return () => goToMoment(span.from);
  if (event.key === 'Escape') return () => timeline.select(undefined);
  return letter === 'f' ? fitSelection : undefined;
}

/** The handlers of the lanes' element. */
export function useTimelineInput(
  room: { readonly current: HTMLElement | null },
  pointed: Signal<Pointed | undefined>,
) {
  const gesture = useRef(new Gesture()).current;

  const pointAt = ({ clientX, clientY }: MouseEvent): Pointed => {
    const bounds = room.current?.getBoundingClientRect() ?? new DOMRect();
    const [x, y] = [clientX - bounds.left, clientY - bounds.top];
    return { x, y, moment: xToTime(timeline.seen(now()), bounds.width, x) };
  };

  useEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const onWheel = (event: WheelEvent) => {
      const sideways = event.shiftKey ? event.deltaX + event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / 200), pointAt(event).moment);
      } else if (Math.abs(sideways) > Math.abs(event.deltaY) || event.shiftKey) {
        event.preventDefault();
        pan(sideways / Math.max(1, element.clientWidth - LABEL_WIDTH));
      }
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  return {
    onPointerDown: (event: PointerEvent) => {
      gesture.begin(event, pointAt(event));
    },
    onPointerMove: (event: PointerEvent) => {
      const point = pointAt(event);
      pointed.value = event.pointerType === 'touch' ? undefined : point;
      gesture.move(event, point, room.current);
      loop.request();
    },
    onPointerUp: (event: PointerEvent) => gesture.end(event),
    onPointerCancel: (event: PointerEvent) => gesture.end(event),
    onPointerLeave: () => {
      pointed.value = undefined;
      loop.request();
    },
    onClick: (event: MouseEvent) => {
      const point = pointAt(event);
      if (!gesture.moved && point.x >= LABEL_WIDTH) goToMoment(point.moment);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const view = timeline.seen(now());
      const isSeen = now() >= view.from && now() <= view.to && runtimeKind.peek() !== 'threads';
      const middle = isSeen ? now() : (view.from + view.to) / 2;
      const deed = deedOf(event, pointed.peek()?.moment ?? middle);
      if (deed === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      deed();
    },
  };
}

/** One pointer or two, from when they come down. */
class Gesture {
  /** Whether what is under way, or was the latest, is more than a click. */
  moved = false;
  readonly #down = new Map<number, Pointed>();
  #start: Pointed | undefined;
  #pans = false;

  begin(event: PointerEvent, point: Pointed): void {
    if (event.button !== 0 && event.button !== 1) return;
    if (this.#down.size === 0) this.moved = false;
    this.#down.set(event.pointerId, point);
    this.#start = point.x < LABEL_WIDTH ? undefined : point;
    // A finger pans; so does a mouse with Shift or its middle button, and else it selects.
    this.#pans = event.pointerType === 'touch' || event.shiftKey || event.button === 1;
    if (this.#down.size === 2) this.moved = true;
  }

  move(event: PointerEvent, point: Pointed, room: HTMLElement | null): void {
    const before = this.#down.get(event.pointerId);
    if (before === undefined || this.#start === undefined || room === null) return;
    if (!this.moved && Math.abs(point.x - this.#start.x) < CLICK) return;
    if (!this.moved && event.pointerType !== 'touch') room.setPointerCapture(event.pointerId);
    this.moved = true;
    this.#down.set(event.pointerId, point);
    const width = Math.max(1, room.clientWidth - LABEL_WIDTH);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      // What is between two fingers stays there.
      const apart = (one: Pointed) => Math.max(8, Math.abs(one.x - other.x));
      const view = timeline.seen(now());
      zoom(apart(point) / apart(before), xToTime(view, room.clientWidth, (point.x + other.x) / 2));
    } else if (this.#pans) {
      pan((before.x - point.x) / width);
    } else {
      timeline.select(ordered(this.#start.moment, point.moment));
    }
  }

  end(event: PointerEvent): void {
    this.#down.delete(event.pointerId);
  }
}
