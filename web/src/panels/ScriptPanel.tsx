// Lists the script, each line with one sentence of what it did.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { decodePte } from '../engine/words.ts';
import type { Op } from '../generated/types.d.ts';
import { findingsIn } from '../store/machine/findings.ts';
import { latestEvent } from '../store/machine/latest-event.ts';
import { observed } from '../store/machine/observation.ts';
import { lookAt } from '../store/page/selection.ts';
import { scenario, status } from '../store/run/open-machine.ts';
import { cursor, type LineRecord, playhead, records, underWay } from '../store/run/playhead.ts';
import { removeLine, revise, seek } from '../store/run/session.ts';
import { scriptOf, touchedBy, withLineMoved } from '../store/script/document.ts';
import { editedLine } from '../store/visit/commands.ts';
import { coversLine } from '../store/visit/lesson.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import { LineEdit } from './LineEdit.tsx';
import { moveInList } from './list-keys.ts';
import { Panel } from './Panel.tsx';
import './ScriptPanel.css';

/** Whether a deliberate bug is on. */
const hasBug = () => (scenario.value.machine?.bugs ?? []).length > 0;

function sentence(op: Op, record: LineRecord): string {
  const { outcome, grew, after } = record;
  const pte = after === undefined ? undefined : decodePte(after.low, after.high);
  return text.narrate({
    op,
    grew,
    value: outcome.value ?? undefined,
    code: outcome.code ?? undefined,
    message: outcome.ok ? undefined : (outcome.message ?? undefined),
    after: pte && { format: pte.state, number: pte.number },
    findings: findingsIn(outcome.failures ?? []).map(({ words }) => words),
    hasBug: hasBug(),
  });
}

/** A list in the document holds so many lines at most, about the one that ran last. */
const MOST_LINES = 2000;

export function ScriptPanel() {
  const script = scriptOf(scenario.value);
  const done = cursor.value;
  const isBusy = status.value.kind === 'busy';
  const isUnderWay = underWay.value;
  // By halves, so that the window stays put while the lines of it run.
  const half = MOST_LINES / 2;
  const first =
    script.length <= MOST_LINES ? 0 : Math.max(0, Math.floor(done / half) * half - half);
  const last = Math.min(script.length, first + MOST_LINES);
  const drawn = useRef(new DrawnLines()).current;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // The list alone: the page stays where the visitor has it.
    const bounds = list.current?.getBoundingClientRect();
    const seen = isUnderWay ? done : Math.max(0, done - 1);
    const row = list.current?.children[seen - first]?.getBoundingClientRect();
    if (!list.current || bounds === undefined || row === undefined) return;
    if (row.top < bounds.top) list.current.scrollTop += row.top - bounds.top;
    else if (row.bottom > bounds.bottom) list.current.scrollTop += row.bottom - bounds.bottom;
  }, [done, first, isUnderWay]);
  /** The line that had the focus last has the list's stop, else the one that ran last. */
  const focused = useSignal<number | undefined>(undefined);
  const keepStop = (target: EventTarget | null) => {
    const row = target instanceof Element ? target.closest('.line') : null;
    const index = row === null ? -1 : [...(list.current?.children ?? [])].indexOf(row);
    if (index >= 0) focused.value = first + index;
  };
  const stop = Math.max(first, Math.min(last - 1, focused.value ?? done - 1));
  const latest = records.value[done - 1];
  const lastOp = script[done - 1];
  return (
    <Panel
      name="script"
      title={text.panels.script}
      caption={text.script.position(done, script.length)}
    >
      <p class="unseen" aria-live="polite">
        {latest !== undefined && lastOp !== undefined
          ? `${lastOp.op} ${text.line(lastOp)}. ${sentence(lastOp, latest)}`
          : ''}
      </p>
      {script.length === 0 ? (
        <p class="hint">{text.script.empty}</p>
      ) : (
        <>
          {first > 0 && <p class="hint">{text.script.before(first)}</p>}
          <ol
            ref={list}
            class="script"
            onKeyDown={moveInList}
            onFocusIn={({ target }) => keepStop(target)}
          >
            {script.slice(first, last).map((op, index) => {
              const at = first + index;
              return drawn.line({
                op,
                at,
                record: records.value[at],
                running: at === done && isBusy,
                underWay: at === done && (isBusy || isUnderWay),
                current: at === done - 1,
                reachable: at === stop,
                edited: at === editedLine.value,
                last: at === script.length - 1,
                covered: coversLine(op),
              });
            })}
          </ol>
          {last < script.length && <p class="hint">{text.script.after(script.length - last)}</p>}
        </>
      )}
      <div class="script-actions">
        <CommandButton command="undo" className="quiet" />
        <CommandButton command="redo" className="quiet" />
        <CommandButton command="edit" className="quiet" />
        <CommandButton command="words" className="quiet" />
      </div>
    </Panel>
  );
}

/** Lines as they were drawn: one that has not changed is handed back as it is, and costs nothing. */
class DrawnLines {
  readonly #lines: { props: ScriptLineProps; node: JSX.Element }[] = [];

  line(props: ScriptLineProps): JSX.Element {
    const last = this.#lines[props.at];
    if (last !== undefined && isSame(last.props, props)) return last.node;
    const node = <ScriptLine key={props.at} {...props} />;
    this.#lines[props.at] = { props, node };
    return node;
  }
}

function isSame(a: ScriptLineProps, b: ScriptLineProps): boolean {
  return (
    a.op === b.op &&
    a.record === b.record &&
    a.running === b.running &&
    a.underWay === b.underWay &&
    a.current === b.current &&
    a.reachable === b.reachable &&
    a.edited === b.edited &&
    a.last === b.last &&
    a.covered === b.covered
  );
}

interface ScriptLineProps {
  readonly op: Op;
  readonly at: number;
  readonly record: LineRecord | undefined;
  readonly running: boolean;
  /** It has begun: of the lines that have run the one before it is the last. */
  readonly underWay: boolean;
  readonly current: boolean;
  /** Whether the Tab key stops at it: at one line of the list, the others are a step of the arrow keys away. */
  readonly reachable: boolean;
  readonly edited: boolean;
  readonly last: boolean;
  /** Its words would answer a question. */
  readonly covered: boolean;
}

/** A line on its way to another place, as the browser names what is dragged. */
const LINE = 'application/x-faultline-line';

/**
 * The line that was last clicked once. A double click means it: the run that its first click begins may put another line under
 * the pointer before the second.
 */
let clicked: number | undefined;

function isBelow({ clientY, currentTarget }: DragEvent): boolean {
  const { top, height } = (currentTarget as Element).getBoundingClientRect();
  return clientY > top + height / 2;
}

function mark(line: Element, side?: 'drop-before' | 'drop-after'): void {
  line.classList.remove('drop-before', 'drop-after');
  if (side !== undefined) line.classList.add(side);
}

function moveLine(from: number, to: number): void {
  if (from !== to) void revise((now) => withLineMoved(now, from, to));
}

interface LineToolProps {
  readonly name: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: string;
}

function LineTool({ name, label, disabled = false, onClick, children }: LineToolProps) {
  return (
    <button
      type="button"
      class="line-tool"
      tabIndex={-1}
      data-line={name}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** That the playhead stands within the line, and what happened last there: on threads nothing is in between. */
function UnderWay() {
  observed.version.value;
  playhead.value;
  const machine = observed.machine.value;
  const nameOf = (process: number) =>
    observed.processes.value.find(({ index }) => index === process)?.name;
  const event = machine === undefined ? undefined : latestEvent(machine, nameOf);
  return (
    <>
      {text.script.underWay}
      {event !== undefined && `: ${text.eventTold(event)}`}
    </>
  );
}

function ScriptLine(props: ScriptLineProps) {
  const {
    op,
    at,
    record,
    running,
    underWay: begun,
    current,
    reachable,
    edited,
    last,
    covered,
  } = props;
  const failed = record !== undefined && !record.outcome.ok;
  const kind = record === undefined ? 'ahead' : failed ? 'failed' : 'done';
  const edit = () => {
    editedLine.value = at;
  };
  if (edited) {
    return (
      <li class={`line ${kind} current`}>
        <LineEdit op={op} at={at} />
      </li>
    );
  }
  return (
    <li
      class={`line ${kind}${current ? ' current' : ''}${begun ? ' running' : ''}`}
      draggable={true}
      onDragStart={(event) => {
        event.dataTransfer?.setData(LINE, String(at));
        event.currentTarget.classList.add('dragging');
      }}
      onDragEnd={({ currentTarget }) => currentTarget.classList.remove('dragging')}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(LINE)) return;
        event.preventDefault();
        mark(event.currentTarget, isBelow(event) ? 'drop-after' : 'drop-before');
      }}
      onDragLeave={({ currentTarget }) => mark(currentTarget)}
      onDrop={(event) => {
        const from = event.dataTransfer?.getData(LINE) ?? '';
        mark(event.currentTarget);
        if (from === '') return;
        event.preventDefault();
        event.stopPropagation();
        const before = at + (isBelow(event) ? 1 : 0);
        moveLine(Number(from), before > Number(from) ? before - 1 : before);
      }}
    >
      <button
        type="button"
        class="row-button line-go"
        tabIndex={reachable ? 0 : -1}
        aria-current={current ? 'step' : undefined}
        onClick={({ detail: clicks }) => {
          if (clicks > 1) return;
          clicked = at;
          lookAt(touchedBy(op));
          void seek(at + 1);
        }}
        onDblClick={() => {
          editedLine.value = clicked;
        }}
      >
        <span class="line-number digits">{at + 1}</span>
        <span class="line-op">{op.op}</span>
        <span class="line-detail">{covered ? text.lesson.coveredLine : text.line(op)}</span>
        {record !== undefined && <span class="line-sentence">{sentence(op, record)}</span>}
        {begun && (
          <span class="line-sentence">{running ? `${text.script.working}…` : <UnderWay />}</span>
        )}
      </button>
      <span class="line-tools">
        <LineTool name="edit" label={text.script.edit(at)} onClick={edit}>
          ✎
        </LineTool>
        <LineTool
          name="up"
          label={text.script.up(at)}
          disabled={at === 0}
          onClick={() => moveLine(at, at - 1)}
        >
          ↑
        </LineTool>
        <LineTool
          name="down"
          label={text.script.down(at)}
          disabled={last}
          onClick={() => moveLine(at, at + 1)}
        >
          ↓
        </LineTool>
        <LineTool name="remove" label={text.script.remove(at)} onClick={() => void removeLine(at)}>
          ×
        </LineTool>
      </span>
    </li>
  );
}
