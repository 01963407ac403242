// Shows the CPUs with the process on each: a process is switched onto one by a click, or by dragging it there.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { observed } from '../store/machine/observation.ts';
import { selectedProcess } from '../store/page/selection.ts';
import { isPossible } from '../store/visit/commands.ts';
import { switchTo } from '../store/visit/menu.ts';
import { text } from '../text/text.ts';
import './CpuStrip.css';

/** Past so many the strip is a wall: the others are shown when they are asked for. */
const MOST = 8;

export function CpuStrip() {
  const cpus = observed.machine.value?.layout.cpus ?? 0;
  const isWhole = useSignal(false);
  if (cpus === 0) return null;
  const shown = isWhole.value ? cpus : Math.min(cpus, MOST);
  const rows = observed.processes.value;
  return (
    <fieldset class="cpus" aria-label={text.fields.cpus}>
      {Array.from({ length: shown }, (_, cpu) => {
        const holder = rows.find((row) => row.cpus.includes(cpu))?.name;
        const chosen = selectedProcess.value;
        return (
          <button
            key={cpu}
            type="button"
            class={`cpu${holder === undefined ? ' idle' : ''}`}
            data-cpu={cpu}
            disabled={!isPossible('switch')}
            title={chosen === undefined ? undefined : text.cpus.switch(chosen, cpu)}
            onClick={() => chosen !== undefined && switchTo(chosen, cpu)}
          >
            <span class="cpu-name">{text.onCpu(cpu)}</span>
            <span class="cpu-holder">{holder ?? text.cpus.idle}</span>
          </button>
        );
      })}
      {cpus > MOST && (
        <button
          type="button"
          class="cpus-more"
          aria-expanded={isWhole.value}
          onClick={() => {
            isWhole.value = !isWhole.value;
          }}
        >
          {isWhole.value ? text.cpus.fewer : text.cpus.more(cpus - MOST)}
        </button>
      )}
    </fieldset>
  );
}

/** A pointer has to move so far before it drags. */
const SLACK = 5;

interface Drag {
  readonly process: string;
  readonly x: number;
  readonly y: number;
  readonly moved: boolean;
  readonly over: Element | null;
}

const cpuAt = (x: number, y: number) =>
  document.elementFromPoint(x, y)?.closest('[data-cpu]') ?? null;

/** A process on its way to a CPU, from wherever it is drawn (`data-process`) to wherever a CPU is (`data-cpu`). */
export function ProcessDrag() {
  const drag = useSignal<Drag | undefined>(undefined);
  useEffect(() => {
    // What is dragged is a process and no text.
    const keepUnselected = (event: Event) => {
      if (drag.value !== undefined) event.preventDefault();
    };
    const begin = ({ button, pointerType, target, clientX: x, clientY: y }: PointerEvent) => {
      if (button !== 0 || pointerType === 'touch' || !(target instanceof Element)) return;
      const process = target.closest('[data-process]')?.getAttribute('data-process');
      if (process) drag.value = { process, x, y, moved: false, over: null };
    };
    const move = ({ clientX: x, clientY: y, buttons }: PointerEvent) => {
      const now = drag.value;
      if (now === undefined) return;
      if ((buttons & 1) === 0) return end();
      const moved = now.moved || Math.hypot(x - now.x, y - now.y) > SLACK;
      if (!moved) return;
      const over = cpuAt(x, y);
      if (over !== now.over) {
        now.over?.removeAttribute('data-drop');
        over?.setAttribute('data-drop', '');
      }
      drag.value = { ...now, x, y, moved, over };
    };
    const end = () => {
      drag.value?.over?.removeAttribute('data-drop');
      drag.value = undefined;
    };
    const drop = () => {
      const { process, over } = drag.value ?? {};
      end();
      const cpu = over?.getAttribute('data-cpu');
      if (process !== undefined && cpu && isPossible('switch')) switchTo(process, Number(cpu));
    };
    const listeners = {
      pointerdown: begin,
      pointermove: move,
      pointerup: drop,
      pointercancel: end,
      selectstart: keepUnselected,
    };
    for (const [name, listener] of Object.entries(listeners)) {
      addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        removeEventListener(name, listener as EventListener);
      }
    };
  }, [drag]);
  const now = drag.value;
  if (now === undefined || !now.moved) return null;
  return (
    <div class="dragged" aria-hidden="true" style={{ left: `${now.x}px`, top: `${now.y}px` }}>
      {now.process}
    </div>
  );
}
