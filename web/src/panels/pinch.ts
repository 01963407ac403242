// Zooms a grid: two fingers, or the wheel with Ctrl as touch pads send it, make its cells larger and smaller again; one
// finger scrolls it. What is between the fingers stays there.

import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

const LARGEST = 8;

const clamped = (zoom: number) => Math.max(1, Math.min(LARGEST, zoom));

function span(touches: TouchList): { distance: number; y: number } {
  const [one, other] = [touches.item(0), touches.item(1)];
  if (one === null || other === null) return { distance: 0, y: 0 };
  return {
    distance: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
    y: (one.clientY + other.clientY) / 2,
  };
}

/** How much larger than usual the cells are; `onZoom` is called with it and the height of the window it is about. */
export function usePinch(
  scroller: { readonly current: HTMLElement | null },
  onZoom: (zoom: number, clientY: number) => void,
): Signal<number> {
  const zoom = useSignal(1);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    let begin: { distance: number; zoom: number } | undefined;
    const set = (wanted: number, y: number) => {
      const next = clamped(wanted);
      if (next === zoom.peek()) return;
      onZoom(next, y);
      zoom.value = next;
    };
    const start = ({ touches }: TouchEvent) => {
      begin = touches.length === 2 ? { ...span(touches), zoom: zoom.peek() } : undefined;
    };
    const move = (event: TouchEvent) => {
      if (begin === undefined || event.touches.length !== 2) return;
      event.preventDefault();
      const { distance, y } = span(event.touches);
      set((begin.zoom * distance) / Math.max(1, begin.distance), y);
    };
    const end = () => {
      begin = undefined;
    };
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      set(zoom.peek() * Math.exp(-event.deltaY / 200), event.clientY);
    };
    element.addEventListener('touchstart', start, { passive: true });
    element.addEventListener('touchmove', move, { passive: false });
    element.addEventListener('touchend', end);
    element.addEventListener('touchcancel', end);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('touchstart', start);
      element.removeEventListener('touchmove', move);
      element.removeEventListener('touchend', end);
      element.removeEventListener('touchcancel', end);
      element.removeEventListener('wheel', wheel);
    };
  }, []);
  return zoom;
}
