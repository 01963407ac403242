// A separator between two panels: dragged, or moved with the arrow keys; a double click gives the size back.

import { useRef } from 'preact/hooks';
import { resize, sizeAfterKey, sizes } from '../store/page/panel-sizes.ts';
import { text } from '../text/text.ts';

export type Divided = keyof typeof text.dividers;

interface DividerProps {
  readonly name: Divided;
  /** The axis along which it moves. */
  readonly axis: 'x' | 'y';
  /** What it resizes: its neighbour before it, or after it. */
  readonly resizes: 'before' | 'after';
  readonly least?: number;
  /** The largest share of the room around both neighbours. */
  readonly share?: number;
}

export function Divider({ name, axis, resizes, least = 140, share = 0.6 }: DividerProps) {
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
      resize(name, Math.max(least, Math.min(most, wanted)));
    };
    const drop = () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('lostpointercapture', drop);
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('lostpointercapture', drop);
  };
  const said = sizes.value[name];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule of the document does not move
    <div
      ref={bar}
      class={`divider along-${axis} divider-${name}`}
      role="separator"
      tabIndex={0}
      aria-label={text.dividers[name]}
      aria-orientation={axis === 'x' ? 'vertical' : 'horizontal'}
      aria-valuemin={least}
      aria-valuenow={said ?? Math.max(least, Math.round(sizeNow().size))}
      aria-valuetext={said === undefined ? text.dividerAsUsual : text.pixels(said)}
      title={text.dividerHint}
      onPointerDown={onPointerDown}
      onDblClick={() => resize(name, undefined)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') {
          resize(name, undefined);
          return;
        }
        const { size, most } = sizeNow();
        const next = sizeAfterKey(event, { size, least, most, axis, towards });
        if (next === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        resize(name, next);
      }}
    />
  );
}
