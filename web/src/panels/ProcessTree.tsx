// Shows the processes as a tree: each one's parent, its CPUs, and how much of it is in memory.

import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { ACTIVE, colourOf, WRITING } from '../draw/palette.ts';
import { branch, lampAt, type TreeRow, type TreeShape, treeRows } from '../draw/tree.ts';
import type { MachineViews } from '../engine/views.ts';
import { shown } from '../store/animation/shown.ts';
import { observed, type ProcessRow } from '../store/machine/observation.ts';
import { isForFingers } from '../store/page/room.ts';
import { selectedProcess, selectProcess } from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { embedded } from '../store/page/shown-panels.ts';
import { typeScale } from '../store/page/type-size.ts';
import { hint } from '../store/visit/story.ts';
import { text } from '../text/text.ts';
import { CpuStrip } from './CpuStrip.tsx';
import { Panel } from './Panel.tsx';
import './ProcessTree.css';

type Row = TreeRow<ProcessRow>;

const NOWHERE = { resident: 0, swapped: 0 };
/** Past so many rows they stand closer. */
const FEW = 12;
const INSET = 13;
const HINTS = { none: '', play: text.lesson.play, act: text.noProcesses };

function shapeFor(rows: readonly Row[], scale: number, forFingers: boolean): TreeShape {
  const deepest = Math.max(0, ...rows.map(({ depth }) => depth));
  return {
    pitch: Math.round((forFingers ? 44 : rows.length > FEW ? 24 : 32) * scale),
    indent: deepest > 6 ? 7 : deepest > 2 ? 11 : 14,
    inset: forFingers ? 22 : INSET,
  };
}

const keyOf = ({ process }: Row) => `${process.index} ${process.generation}`;

/** Which rows have come since this machine's tree was first drawn. */
function useNewcomers(machine: MachineViews | undefined, rows: readonly Row[]): Set<string> {
  const first = useRef<{ machine: MachineViews | undefined; keys: Set<string> }>(undefined);
  const keys = new Set(rows.map(keyOf));
  if (first.current?.machine !== machine) first.current = undefined;
  if (rows.length > 0) first.current ??= { machine, keys };
  const known = first.current?.keys ?? keys;
  return new Set([...keys].filter((key) => !known.has(key)));
}

function stateOf({ state, cpus }: ProcessRow): string {
  if (cpus.length > 0) return text.onCpus(cpus);
  return text.processStates[state];
}

export function ProcessTree() {
  const closed = useSignal<ReadonlySet<number>>(new Set());
  /** Parents all of whose children are shown, however many; -1 stands for the root. */
  const whole = useSignal<ReadonlySet<number>>(new Set());
  const rows = useComputed(() =>
    treeRows(
      observed.processes.value.filter(({ state }) => state !== 'unused'),
      {
        isClosed: ({ index }) => closed.value.has(index),
        wantsAll: (parent) => whole.value.has(parent?.index ?? -1),
        isChosen: ({ name }) => name === selectedProcess.value,
      },
    ),
  ).value;
  const chosen = selectedProcess.value;
  const shape = shapeFor(rows, typeScale.value, isForFingers.value);
  const newcomers = useNewcomers(observed.machine.value, rows);
  const largest = Math.max(1, ...rows.map(({ process }) => process.pages));
  const current = rows.find(({ process }) => process.name === chosen) ?? rows[0];

  const open = ({ process }: Row, isOpen: boolean) => {
    closed.value = withMember(closed.value, process.index, !isOpen);
  };
  const endings = rows.flatMap(({ ends = [] }) => ends);
  const height = (rows.length + endings.length) * shape.pitch;
  const at = current === undefined ? -1 : rows.indexOf(current);
  const go = (row: Row | undefined) => {
    if (row === undefined) return;
    selectProcess(row.process.name);
    document.getElementById(`process-${row.process.index}`)?.focus();
  };
  const rowAt = (row: number) => rows.find((one) => one.row === row);
  const onKeyDown = (event: KeyboardEvent) => {
    if (current === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const { parentRow, descendants, isOpen } = current;
    const keys: Record<string, () => void> = {
      ArrowUp: () => go(rows[at - 1]),
      ArrowDown: () => go(rows[at + 1]),
      Home: () => go(rows[0]),
      End: () => go(rows.at(-1)),
      ArrowLeft: () => (descendants > 0 && isOpen ? open(current, false) : go(rowAt(parentRow))),
      ArrowRight: () => {
        if (descendants > 0) isOpen ? go(rows[at + 1]) : open(current, true);
      },
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <Panel
      name="processes"
      title={text.panels.processes}
      caption={rows.length > 1 ? text.processCount(observed.processes.value.length) : undefined}
    >
      {rows.length === 0 ? (
        <p class="hint">{HINTS[hint.value]}</p>
      ) : (
        <div class="tree-scroll">
          <div class="tree-head" aria-hidden="true">
            <span>{text.resident}</span>
            <span>{text.swapped}</span>
          </div>
          <div
            class={`tree${rows.length > FEW ? ' close' : ''}`}
            role="tree"
            aria-label={text.panels.processes}
            tabIndex={-1}
            style={{ height: `${height}px`, '--pitch': `${shape.pitch}px` }}
            onKeyDown={onKeyDown}
          >
            {rows.map((row) => (
              <ProcessItem
                key={keyOf(row)}
                row={row}
                shape={shape}
                largest={largest}
                isNew={newcomers.has(keyOf(row))}
                selected={row.process.name === chosen}
                reachable={row === current}
                onOpen={() => open(row, !row.isOpen)}
              />
            ))}
            <Branches rows={rows} height={height} shape={shape} newcomers={newcomers} />
            {endings.map(({ parent, left, row, depth }) => (
              <button
                key={`more ${parent?.index ?? -1}`}
                type="button"
                class="siblings-more"
                tabIndex={-1}
                data-more={parent?.name ?? ''}
                style={{
                  top: `${row * shape.pitch}px`,
                  left: `${shape.inset + depth * shape.indent}px`,
                }}
                onClick={() => {
                  whole.value = withMember(whole.value, parent?.index ?? -1, left > 0);
                }}
              >
                {left > 0 ? text.room.moreSiblings(left) : text.room.fewerSiblings}
              </button>
            ))}
          </div>
        </div>
      )}
      {!embedded && <CpuStrip />}
    </Panel>
  );
}

function withMember(
  members: ReadonlySet<number>,
  member: number,
  belongs: boolean,
): ReadonlySet<number> {
  const next = new Set(members);
  if (belongs) next.add(member);
  else next.delete(member);
  return next;
}

interface BranchesProps {
  readonly rows: readonly Row[];
  readonly height: number;
  readonly shape: TreeShape;
  readonly newcomers: ReadonlySet<string>;
}

/** The lines from parents to children. */
function Branches({ rows, height, shape, newcomers }: BranchesProps) {
  const width = Math.max(...rows.map(({ depth }) => depth)) * shape.indent + shape.inset + 8;
  return (
    <svg
      class="branches"
      width={width}
      height={height}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="1"
    >
      {rows.map((row) =>
        row.parentRow < 0 ? null : (
          <path
            key={keyOf(row)}
            class={newcomers.has(keyOf(row)) ? 'grows' : ''}
            d={branch(shape, row)}
            pathLength="1"
          />
        ),
      )}
    </svg>
  );
}

interface ProcessItemProps {
  readonly row: Row;
  readonly shape: TreeShape;
  /** The pages of the largest process: the length of a bar. */
  readonly largest: number;
  readonly isNew: boolean;
  readonly selected: boolean;
  readonly reachable: boolean;
  readonly onOpen: () => void;
}

function ProcessItem(props: ProcessItemProps) {
  const { row, shape, largest, isNew, selected, reachable, onOpen } = props;
  const { name, index, state, cpus, pages } = row.process;
  const { resident, swapped } = shown.residence.value.get(index) ?? NOWHERE;
  const { x } = lampAt(shape, row);
  const hasChildren = row.descendants > 0;
  return (
    <div
      id={`process-${index}`}
      class={`process ${state}${selected ? ' selected' : ''}${isNew && row.parentRow >= 0 ? ' born' : ''}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-expanded={hasChildren ? row.isOpen : undefined}
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      data-process={name}
      style={{
        top: `${row.row * shape.pitch}px`,
        '--lamp': `${x}px`,
        '--from': `${(row.parentRow - row.row) * shape.pitch}px`,
      }}
      onClick={() => selectProcess(name)}
      onDblClick={() => hasChildren && onOpen()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          selectProcess(name);
        }
      }}
    >
      <span class={`lamp ${cpus.length > 0 ? 'on-cpu' : state}`} />
      <span class="process-who">
        <span class="process-name">{name}</span>
        {hasChildren && row.isOpen && (
          <button
            type="button"
            class="tree-toggle"
            tabIndex={-1}
            aria-label={text.room.close(name)}
            onClick={(event) => {
              event.stopPropagation();
              onOpen();
            }}
          />
        )}
        {!row.isOpen && (
          <button type="button" class="process-hidden digits" tabIndex={-1} onClick={onOpen}>
            {text.hiddenChildren(row.descendants)}
          </button>
        )}
        <span class="process-where">
          <span class="unseen">, </span>
          {stateOf(row.process)}
        </span>
      </span>
      <span class="digits count">
        {text.number(resident)}
        <span class="unseen"> {text.resident}</span>
      </span>
      <span class="digits count">
        {text.number(swapped)}
        <span class="unseen"> {text.swapped}</span>
      </span>
      <span class="residence" aria-hidden="true" style={{ width: `${(pages / largest) * 100}%` }}>
        <Share of={resident / Math.max(1, pages)} state={ACTIVE} />
        <Share of={swapped / Math.max(1, pages)} state={WRITING} />
      </span>
    </div>
  );
}

function Share({ of, state }: { of: number; state: number }) {
  return <span style={{ width: `${of * 100}%`, background: colourOf(theme.value, state).fill }} />;
}
