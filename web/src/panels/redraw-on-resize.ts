import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { loop } from '../store/page/loop.ts';

/** Asks for a frame when an element has another size than it was drawn for. */
export function useRedrawOnResize(room: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = room.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => loop.request());
    observer.observe(element);
    return () => observer.disconnect();
  }, [room]);
}
