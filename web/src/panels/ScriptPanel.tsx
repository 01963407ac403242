// The script, line by line, each with one sentence of what it did.

import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { decodePte } from '../engine/words.ts';
import { scriptOf, touchedBy } from '../store/script.ts';
import { follow } from '../store/selection.ts';
import {
  cursor,
  type LineRecord,
  records,
  removeLine,
  scenario,
  seek,
  status,
} from '../store/session.ts';
import type { Op } from '../store/types.ts';
import { narrate, text } from '../text.ts';
import { CommandButton } from './Button.tsx';
import { Panel } from './Panel.tsx';

function sentence(op: Op, record: LineRecord): string {
  const { outcome, grew, after } = record;
  const pte = after === undefined ? undefined : decodePte(after.low, after.high);
  return narrate({
    op,
    grew,
    value: outcome.value ?? undefined,
    code: outcome.code ?? undefined,
    message: outcome.ok ? undefined : (outcome.message ?? undefined),
    after: pte && { format: pte.state, number: pte.number },
  });
}

export function ScriptPanel() {
  const script = scriptOf(scenario.value);
  const done = cursor.value;
  const isBusy = status.value.kind === 'busy';
  const drawn = useRef(new DrawnLines()).current;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const row = list.current?.children[Math.max(0, done - 1)];
    row?.scrollIntoView({ block: 'nearest' });
  }, [done]);
  const last = records.value[done - 1];
  const lastOp = script[done - 1];
  return (
    <Panel
      name="script"
      title={text.panels.script}
      caption={text.script.position(done, script.length)}
    >
      <p class="unseen" aria-live="polite">
        {last !== undefined && lastOp !== undefined
          ? `${lastOp.op} ${text.line(lastOp)}. ${sentence(lastOp, last)}`
          : ''}
      </p>
      {script.length === 0 ? (
        <p class="hint">{text.script.empty}</p>
      ) : (
        <ol ref={list} class="script">
          {script.map((op, at) =>
            drawn.line({
              op,
              at,
              record: records.value[at],
              running: at === done && isBusy,
              current: at === done - 1,
            }),
          )}
        </ol>
      )}
      <div class="script-actions">
        <CommandButton command="undo" className="quiet" />
        <CommandButton command="edit" className="quiet" />
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
    a.op === b.op && a.record === b.record && a.running === b.running && a.current === b.current
  );
}

interface ScriptLineProps {
  readonly op: Op;
  readonly at: number;
  readonly record: LineRecord | undefined;
  readonly running: boolean;
  readonly current: boolean;
}

function ScriptLine({ op, at, record, running, current }: ScriptLineProps) {
  const failed = record !== undefined && !record.outcome.ok;
  const kind = record === undefined ? 'ahead' : failed ? 'failed' : 'done';
  return (
    <li class={`line ${kind}${current ? ' current' : ''}${running ? ' running' : ''}`}>
      <button
        type="button"
        class="line-go"
        aria-current={current ? 'step' : undefined}
        onClick={() => {
          follow(touchedBy(op));
          void seek(at + 1);
        }}
      >
        <span class="line-number digits">{at + 1}</span>
        <span class="line-op">{op.op}</span>
        <span class="line-detail">{text.line(op)}</span>
        {record !== undefined && <span class="line-sentence">{sentence(op, record)}</span>}
        {running && <span class="line-sentence">{text.script.working}…</span>}
      </button>
      <button
        type="button"
        class="line-remove"
        aria-label={text.script.remove(at)}
        title={text.script.remove(at)}
        onClick={() => void removeLine(at)}
      >
        ×
      </button>
    </li>
  );
}
