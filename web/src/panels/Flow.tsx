// What travels between the grids, drawn over all three.

import { useEffect, useRef } from 'preact/hooks';
import { type Comet, paintComets } from '../draw/flow.ts';
import { loop } from '../store/loop.ts';
import { flightsNow } from '../store/player.ts';
import { theme } from '../store/settings.ts';
import { placeOf } from './places.ts';

export function Flow() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isClear = true;
    return loop.paint(() => {
      const surface = canvas.current;
      const context = surface?.getContext('2d');
      const flights = flightsNow();
      if (surface === null || !context || (flights === undefined && isClear)) return false;
      const bounds = surface.getBoundingClientRect();
      const ratio = devicePixelRatio;
      const [width, height] = [Math.round(bounds.width * ratio), Math.round(bounds.height * ratio)];
      if (surface.width !== width || surface.height !== height) {
        surface.width = width;
        surface.height = height;
      }
      const comets: Comet[] = [];
      for (const { from, to, progress, state } of flights ?? []) {
        const [a, b] = [placeOf(from.grid, from.index), placeOf(to.grid, to.index)];
        if (a === undefined || b === undefined) continue;
        const inside = ({ x, y }: { x: number; y: number }) => ({
          x: x - bounds.left,
          y: y - bounds.top,
        });
        comets.push({ from: inside(a), to: inside(b), progress, state });
      }
      paintComets(context, comets, {
        width: bounds.width,
        height: bounds.height,
        ratio,
        theme: theme.value,
      });
      isClear = comets.length === 0;
      surface.toggleAttribute('data-travelling', !isClear);
      return flights !== undefined;
    });
  }, []);
  return (
    <div class="flow" aria-hidden="true">
      <canvas ref={canvas} />
    </div>
  );
}
