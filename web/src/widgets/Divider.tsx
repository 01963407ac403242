// Separates two neighbours and resizes one of them: by a drag or the arrow keys; a double click gives the size back.

import { useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import { sizeAfterKey } from './divider-keys.ts';
import './Divider.css';

export interface DividerProps {
  /** Names its class. */
  readonly name: string;
  /** What it changes, in words. */
  readonly label: string;
  /** The size that was chosen, in pixels; undefined while it is as the style sheet has it. */
  readonly size: number | undefined;
  readonly onResize: (size: number | undefined) => void;
  /** The axis along which it moves. */
  readonly axis: 'x' | 'y';
  /** What it resizes: its neighbour before it, or after it. */
  readonly resizes: 'before' | 'after';
  readonly least?: number;
  /** The largest share of the room around both neighbours. */
  readonly share?: number;
}

export function Divider({
  name,
  label,
  size: said,
  onResize,
  axis,
  resizes,
  least = 140,
  share = 0.6,
}: DividerProps) {
  const bar = useRef<HTMLDivElement>(null);
  const towards = resizes === 'before' ? 1 : -1;
  const sizeNow = (): { size: number; most: number } => {
    const element = bar.current;
    const neighbour = towards > 0 ? element?.previousElementSibling : element?.nextElementSibling;
    const [own, room] = [neighbour, element?.parentElement].map((one) => {
      const bounds = one?.getBoundingClientRect();
      return (axis === 'x' ? bounds?.width : bounds?.height) ?? 0;
    });
    return { size: own ?? 0, most: Math.max(least, Math.round((room ?? 0) * share)) };
  };
  const onPointerDown = (event: PointerEvent) => {
    const element = bar.current;
    if (event.button !== 0 || element === null) return;
    event.preventDefault();
    element.focus();
    element.setPointerCapture(event.pointerId);
    const { size, most } = sizeNow();
    const place = (at: PointerEvent) => (axis === 'x' ? at.clientX : at.clientY);
    const start = place(event);
    const move = (at: PointerEvent) => {
      const wanted = size + (place(at) - start) * towards;
      onResize(Math.max(least, Math.min(most, wanted)));
    };
    const drop = () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('lostpointercapture', drop);
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture', drop);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule of the document does not move
    <div
      ref={bar}
      class={`divider along-${axis} divider-${name}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuemin={least}
      aria-valuenow={said ?? Math.max(least, Math.round(sizeNow().size))}
      aria-valuetext={said === undefined ? text.dividerAsUsual : text.pixels(said)}
      title={text.dividerHint}
      onPointerDown={onPointerDown}
      onDblClick={() => onResize(undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          onResize(undefined);
          return;
        }
        const { size, most } = sizeNow();
        const next = sizeAfterKey(event, { size, least, most, axis, towards });
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        onResize(next);
      }}
    />
  );
}
