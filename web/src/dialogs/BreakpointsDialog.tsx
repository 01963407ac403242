// Lists the breakpoints at which a run that plays stops, offers those of the selection, and has a form for any other.

import { useSignal } from '@preact/signals';
import type { LockClass } from '../engine/locks.ts';
import { FAULT_KINDS, LOCK_CLASSES } from '../generated/machine.ts';
import { observed } from '../store/machine/observation.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { selectedFrame, selectedPage } from '../store/page/selection.ts';
import {
  type Breakpoint,
  breakpoints,
  MOST_BREAKPOINTS,
  removeBreakpoint,
  setBreakpoint,
  switchBreakpoint,
} from '../store/run/breakpoints.ts';
import { text } from '../text/text.ts';
import type { BreakpointSubject } from '../types/breakpoint-subject.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { NumberField } from '../widgets/NumberField.tsx';
import './BreakpointsDialog.css';

export function BreakpointsDialog() {
  const set = breakpoints.value;
  return (
    <Dialog
      onClose={closeDialog}
      name="breakpoints"
      title={text.breakpoints.title}
      note={text.breakpoints.note(MOST_BREAKPOINTS)}
    >
      {set.length > 0 && (
        <ul class="breakpoints" aria-label={text.breakpoints.title}>
          {set.map((one) => (
            <Row key={one.id} breakpoint={one} />
          ))}
        </ul>
      )}
      <Offers />
      <Form />
    </Dialog>
  );
}

function Row({ breakpoint: { id, on, subject } }: { breakpoint: Breakpoint }) {
  const words = text.breakpoint(subject);
  return (
    <li>
      <label class="choice">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => switchBreakpoint(id, event.currentTarget.checked)}
        />
        <span>{text.breakpoints.when(words)}</span>
      </label>
      <button
        type="button"
        class="line-remove"
        aria-label={text.breakpoints.remove(words)}
        onClick={() => removeBreakpoint(id)}
      >
        ×
      </button>
    </li>
  );
}

/** What is selected, as breakpoints. */
function offers(): BreakpointSubject[] {
  const row = observed.selected.value;
  const frame = selectedFrame.value;
  const found: BreakpointSubject[] = [];
  if (row !== undefined) {
    const { name: process, index } = row;
    found.push({ of: 'page', process, index, page: selectedPage.value });
    found.push({ of: 'process', process, index });
  }
  if (observed.machine.value !== undefined && frame >= 0) {
    found.push({ of: 'frame', frame });
    found.push({ of: 'lock', lock: 'pfn', which: frame, awaited: true });
  }
  return found;
}

function Offers() {
  return (
    <div class="offers">
      {offers().map((subject) => (
        <button
          key={JSON.stringify(subject)}
          type="button"
          class="button"
          onClick={() => setBreakpoint(subject)}
        >
          {text.breakpoints.stopWhen(text.breakpoint(subject))}
        </button>
      ))}
    </div>
  );
}

type Kind = BreakpointSubject['of'];
const KINDS = [
  'fault',
  'event',
  'page',
  'frame',
  'slot',
  'process',
  'lock',
] as const satisfies Kind[];

/** The last choices stand until the page is left. */
const last = {
  kind: 'fault' as Kind,
  fault: FAULT_KINDS.indexOf('write_protect'),
  event: 'fault-begin',
  lock: 'pte' as LockClass,
};

function Form() {
  const { layout } = observed.machine.value ?? {};
  const rows = observed.processes.value.filter(({ state }) => state !== 'terminated');
  const kind = useSignal<Kind>(last.kind);
  const fault = useSignal(last.fault);
  const event = useSignal(last.event);
  const lock = useSignal(last.lock);
  const awaited = useSignal(true);
  const process = useSignal(observed.selected.value?.name ?? '');
  const number = useSignal(0);
  if (layout === undefined) return null;
  const row = rows.find(({ name }) => name === process.value) ?? rows[0];

  const subject = (): BreakpointSubject | undefined => {
    switch (kind.value) {
      case 'fault':
        return { of: 'fault', fault: fault.value };
      case 'event':
        return { of: 'event', kind: event.value };
      case 'frame':
        return { of: 'frame', frame: number.value };
      case 'slot':
        return { of: 'slot', slot: number.value };
      case 'lock':
        return { of: 'lock', lock: lock.value, awaited: awaited.value };
      case 'page':
        return row && { of: 'page', process: row.name, index: row.index, page: number.value };
      case 'process':
        return row && { of: 'process', process: row.name, index: row.index };
    }
  };
  const wanted = subject();
  const submit = (submitted: Event) => {
    submitted.preventDefault();
    Object.assign(last, {
      kind: kind.value,
      fault: fault.value,
      event: event.value,
      lock: lock.value,
    });
    if (wanted !== undefined) setBreakpoint(wanted);
  };
  const most = { page: (row?.pages ?? 1) - 1, frame: layout.frames - 1, slot: layout.slots };
  return (
    <form class="dialog-form" onSubmit={submit}>
      <div class="field-grid">
        <Choice
          name="kind"
          label={text.breakpoints.stopAt}
          value={kind.value}
          options={KINDS.map((one) => [one, text.breakpoints.kinds[one]])}
          onChange={(chosen) => {
            kind.value = chosen;
          }}
        />
        {kind.value === 'fault' && (
          <Choice
            name="fault"
            label={text.breakpoints.eventKind}
            value={String(fault.value)}
            options={FAULT_KINDS.map((_, one) => [String(one), text.faultEnds(one)])}
            onChange={(chosen) => {
              fault.value = Number(chosen);
            }}
          />
        )}
        {kind.value === 'event' && (
          <Choice
            name="event"
            label={text.breakpoints.eventKind}
            value={event.value}
            options={layout.event_kinds.slice(1).map((one) => [one, text.eventKind(one)])}
            onChange={(chosen) => {
              event.value = chosen;
            }}
          />
        )}
        {(kind.value === 'page' || kind.value === 'process') && (
          <Choice
            name="process"
            label={text.breakpoints.kinds.process}
            value={row?.name ?? ''}
            options={rows.map(({ name }) => [name, name])}
            onChange={(chosen) => {
              process.value = chosen;
            }}
          />
        )}
        {(kind.value === 'page' || kind.value === 'frame' || kind.value === 'slot') && (
          <NumberField
            label={text.breakpoints.kinds[kind.value]}
            name="number"
            value={number.value}
            min={kind.value === 'slot' ? 1 : 0}
            max={most[kind.value]}
            onChange={(chosen) => {
              number.value = chosen;
            }}
          />
        )}
        {kind.value === 'lock' && (
          <>
            <Choice
              name="lock"
              label={text.breakpoints.kinds.lock}
              value={lock.value}
              options={LOCK_CLASSES.map((one) => [one, text.lockClasses[one]])}
              onChange={(chosen) => {
                lock.value = chosen;
              }}
            />
            <Choice
              name="awaited"
              label={text.breakpoints.awaited}
              value={awaited.value ? 'awaited' : 'taken'}
              options={[
                ['awaited', text.breakpoints.whenAwaited],
                ['taken', text.breakpoints.whenTaken],
              ]}
              onChange={(chosen) => {
                awaited.value = chosen === 'awaited';
              }}
            />
          </>
        )}
      </div>
      <footer class="dialog-foot">
        <span class="spring" />
        <button
          type="submit"
          class="button primary"
          disabled={wanted === undefined || breakpoints.value.length >= MOST_BREAKPOINTS}
        >
          {text.breakpoints.set}
        </button>
      </footer>
    </form>
  );
}

function Choice<Value extends string>({
  name,
  label,
  value,
  options,
  onChange,
}: {
  name: string;
  label: string;
  value: Value;
  options: readonly (readonly [value: Value, words: string])[];
  onChange: (value: Value) => void;
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        name={name}
        value={value}
        onChange={(event) => {
          const chosen = options.find(([one]) => one === event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen[0]);
        }}
      >
        {options.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
