import { shortened } from '../share/snippets.ts';
import { observed } from '../store/machine/observation.ts';
import { presenting } from '../store/page/room.ts';
import { runtimeKind, scenario } from '../store/run/open-machine.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import { ViewMenu } from './ViewMenu.tsx';
import './Header.css';

/** The name, the scenario, and what concerns the whole page. */
export function Header() {
  const { title } = scenario.value;
  return (
    <header class="top">
      <div class="brand">
        <Mark />
        <h1>{text.name}</h1>
      </div>
      <div class="scenario-name">
        <span class="scenario-title">{shortened(title || text.untitled)}</span>
        <MachineSummary />
      </div>
      {presenting.value ? <EndPresenting /> : <PageActions />}
    </header>
  );
}

/** What a presenter's header has instead: how to go on, and how to come back. */
function EndPresenting() {
  return (
    <nav class="top-actions" aria-label={text.name}>
      <span class="hint">{text.room.presenting}</span>
      <button
        type="button"
        class="button"
        onClick={() => {
          presenting.value = false;
        }}
      >
        {text.room.leavePresenting}
      </button>
    </nav>
  );
}

function PageActions() {
  return (
    <nav class="top-actions" aria-label={text.name}>
      <CommandButton command="presets" className="primary" />
      <CommandButton command="machine" />
      <CommandButton command="share" />
      <CommandButton command="palette" className="icon" showKey={false}>
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="7" cy="7" r="4.4" fill="none" stroke="currentColor" stroke-width="1.4" />
          <path d="M10.4 10.4L14 14" stroke="currentColor" stroke-width="1.6" />
        </svg>
      </CommandButton>
      <ViewMenu />
      <CommandButton command="keys" className="icon" showKey={false}>
        ?
      </CommandButton>
    </nav>
  );
}

/** The machine in a line, once there is one. */
export function MachineSummary() {
  const { runtime } = scenario.value;
  const layout = observed.machine.value?.layout;
  if (layout === undefined) return null;
  const kind = runtimeKind.value;
  const given = runtime?.kind === 'virtual' ? runtime.seed : undefined;
  const seed = kind === 'virtual' ? `, seed ${given ?? 0}` : '';
  const { frames, slots, cpus } = layout;
  return (
    <span class="summary">
      {text.machineSummary(frames, slots, cpus, `${text.runtimeShort[kind]}${seed}`)}
    </span>
  );
}

/** A row of cells with a fault running through it. */
function Mark() {
  return (
    <svg class="mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <path
        d="M2 5h8.5M2 11h5.5M2 17h8.5M14.5 5H20M11.5 11H20M14.5 17H20"
        stroke="currentColor"
        stroke-width="2.4"
        fill="none"
      />
      <path d="M12.5 1L9.5 11L12.5 21" stroke="currentColor" stroke-width="1.2" fill="none" />
    </svg>
  );
}
