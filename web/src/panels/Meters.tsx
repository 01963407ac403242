// Shows how fast real threads go, at the rate of the display: their counts are read in the shared words whenever a
// frame is drawn. Nothing is drawn while nothing moves.

import { useEffect, useRef } from 'preact/hooks';
import { paintMeters, RateMeter } from '../draw/meter.ts';
import { lockCosts } from '../engine/locks.ts';
import { drawsAs } from '../picture/drawings.ts';
import { observed } from '../store/machine/observation.ts';
import { loop } from '../store/page/loop.ts';
import { theme } from '../store/page/settings.ts';
import { text } from '../text/text.ts';
import './Meters.css';

const LANES = ['accesses', 'faults', 'waits'] as const;

function readCounts(): number[] {
  const machine = observed.machine.peek();
  if (machine === undefined) return LANES.map(() => 0);
  const { accesses = 0, faults = 0 } = machine.counters();
  const waits = lockCosts(machine).reduce((sum, { contended }) => sum + contended, 0);
  return [accesses, faults, waits];
}

export function Meters() {
  observed.lanes.value;
  const meter = useRef(new RateMeter()).current;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(
    () =>
      loop.paint((now) => {
        const surface = canvas.current;
        const context = surface?.getContext('2d');
        if (surface === null || !context) return false;
        meter.add(now, readCounts());
        const { clientWidth: width, clientHeight: height } = surface;
        const [wide, high] = [width, height].map((side) => Math.round(side * devicePixelRatio));
        if (surface.width !== wide || surface.height !== high) {
          surface.width = wide ?? 0;
          surface.height = high ?? 0;
        }
        const shape = { width, height, theme: theme.value, lanes: LANES.length, now };
        paintMeters(context, { ...shape, ratio: devicePixelRatio }, meter);
        drawsAs(surface, (picture) => paintMeters(picture, { ...shape, ratio: 1 }, meter));
        return false;
      }),
    [meter],
  );
  return (
    <div class="meters">
      <div class="meters-room" aria-hidden="true">
        <canvas ref={canvas} />
      </div>
      <dl aria-label={text.meters.label}>
        {LANES.map((name, lane) => (
          <div key={name} data-meter={name}>
            <dt>{text.meters.names[name]}</dt>
            <dd class="digits">{text.rate(meter.now(lane))}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
