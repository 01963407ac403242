// Shows where a trace refers to and when. A part that is dragged over is shown closer, and the machine goes to a reference
// that is clicked; buttons and the table do the same for keys.

import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { heatPanel, paintTraceHeat, type Spot, spotAt } from '../draw/trace-heat.ts';
import type { Pictured, TraceHeat, TracePart } from '../engine/pictures-messages.ts';
import { theme } from '../store/page/settings.ts';
import { canTravel, goToReference, present, showPart, wholeOf } from '../store/run/pictures.ts';
import { text } from '../text/text.ts';
import { Drawing, type Paint } from '../widgets/Drawing.tsx';
import { SaveDrawing } from '../widgets/SaveDrawing.tsx';
import { HeatTable } from './HeatTable.tsx';
import { closerTo, moved, partOf } from './heat-part.ts';

const words = text.pictures.heat;
const HEIGHT = 340;
/** A pointer that moves less has clicked. */
const CLICK = 5;

interface HeatPictureProps {
  readonly name: string;
  readonly trace: Pictured;
  readonly heat: TraceHeat;
}

/** Where the pointer went down, and where it is. */
interface Brush {
  readonly from: Spot;
  readonly to: Spot;
}

export function HeatPicture({ name, trace, heat }: HeatPictureProps) {
  const now = theme.value;
  const brush = useSignal<Brush | undefined>(undefined);
  const hovered = useSignal<Spot | undefined>(undefined);
  const layer = useRef<HTMLDivElement>(null);
  const { part, columns } = heat;
  const at = present.value;
  const paint = useMemo<Paint>(
    () => (surface, width, height) =>
      paintTraceHeat(
        surface,
        width,
        height,
        { ...heat, areas: trace.areas, present: at },
        now,
        text.pictures.short,
      ),
    [heat, trace, at, now],
  );
  const near = Math.max(1, (part.end - part.first) / columns / 2);
  const go = (reference: number) => void goToReference(reference, near);
  const spotOf = ({ clientX, clientY }: PointerEvent): Spot => {
    const bounds = (layer.current as HTMLDivElement).getBoundingClientRect();
    const panel = heatPanel(bounds.width, bounds.height);
    return spotAt(panel, clientX - bounds.left, clientY - bounds.top);
  };
  const end = (event: PointerEvent) => {
    const drawn = brush.value;
    brush.value = undefined;
    const bounds = layer.current?.getBoundingClientRect();
    if (drawn === undefined || bounds === undefined) return;
    const { from } = drawn;
    const to = spotOf(event);
    const wide = Math.abs(to.x - from.x) * bounds.width;
    const high = Math.abs(to.y - from.y) * bounds.height;
    if (wide < CLICK && high < CLICK) {
      if (canTravel.value) go(referenceAt(part, to));
    } else showPart(partOf(part, from, to, wide < CLICK, high < CLICK));
  };
  const whole = wholeOf(trace);
  return (
    <section class="picture" data-picture="heat">
      <header>
        <h3>{words.title}</h3>
        <SaveDrawing
          name="heat"
          of={name}
          height={HEIGHT}
          theme={now}
          title={words.title}
          paint={paint}
        />
      </header>
      <p class="dialog-note">
        {words.note} {canTravel.value ? words.useTravel : words.use}
      </p>
      <div class="heat-buttons">
        <output class="digits" data-heat-shown>
          {words.shown(part.first, part.end - 1, part.end_place - part.first_place)}
        </output>
        <span>
          <PartButton name="whole" part={whole} />
          <PartButton name="closer" part={closerTo(part, at, 0.5, whole)} />
          <PartButton name="farther" part={closerTo(part, at, 2, whole)} />
          <PartButton name="earlier" part={moved(part, -0.5, whole)} />
          <PartButton name="later" part={moved(part, 0.5, whole)} />
        </span>
      </div>
      <Drawing paint={paint} height={HEIGHT} theme={now} label={words.label(name)}>
        <div
          ref={layer}
          class={`heat-layer${canTravel.value ? ' travels' : ''}`}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            const spot = spotOf(event);
            brush.value = { from: spot, to: spot };
          }}
          onPointerMove={(event) => {
            const spot = spotOf(event);
            hovered.value = spot;
            if (brush.value !== undefined) brush.value = { from: brush.value.from, to: spot };
          }}
          onPointerUp={end}
          onPointerCancel={() => {
            brush.value = undefined;
          }}
          onPointerLeave={() => {
            hovered.value = undefined;
          }}
        >
          {brush.value !== undefined && <BrushBox layer={layer.current} brush={brush.value} />}
        </div>
      </Drawing>
      <p class="heat-told digits" aria-hidden="true">
        {hovered.value === undefined ? '\u00a0' : told(heat, hovered.value)}
      </p>
      <details>
        <summary>{text.pictures.numbers}</summary>
        <HeatTable trace={trace} heat={heat} onGo={canTravel.value ? go : undefined} />
      </details>
    </section>
  );
}

interface PartButtonProps {
  readonly name: keyof typeof words.parts;
  readonly part: TracePart;
}

function PartButton({ name, part }: PartButtonProps) {
  const [label, meaning] = words.parts[name];
  return (
    <button
      type="button"
      class="button"
      data-heat={name}
      title={meaning}
      onClick={() => showPart(part)}
    >
      {label}
    </button>
  );
}

function referenceAt({ first, end }: TracePart, { x }: Spot): number {
  return Math.min(end - 1, Math.floor(first + x * (end - first)));
}

/** What is in the cell of a spot. */
function told({ part, columns, rows, counts, places }: TraceHeat, { x, y }: Spot): string {
  const column = Math.min(columns - 1, Math.floor(x * columns));
  const row = Math.min(rows - 1, Math.floor(y * rows));
  const begin = (index: number) =>
    part.first + Math.floor(((part.end - part.first) * index) / columns);
  const [page = 0, address = null] = places[row] ?? [];
  const count = counts[row * columns + column] ?? 0;
  return words.at(begin(column), begin(column + 1) - 1, words.page(page, address), count);
}

interface BrushBoxProps {
  readonly layer: HTMLDivElement | null;
  readonly brush: Brush;
}

/** The part that is dragged over. */
function BrushBox({ layer, brush: { from, to } }: BrushBoxProps) {
  if (layer === null) return null;
  const panel = heatPanel(layer.clientWidth, layer.clientHeight);
  const [wide, high] = [panel.right - panel.left, panel.bottom - panel.top];
  const style = {
    left: `${panel.left + Math.min(from.x, to.x) * wide}px`,
    width: `${Math.abs(to.x - from.x) * wide}px`,
    top: `${panel.bottom - Math.max(from.y, to.y) * high}px`,
    height: `${Math.abs(to.y - from.y) * high}px`,
  };
  return <div class="heat-brush" style={style} />;
}
