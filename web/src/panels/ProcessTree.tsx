// The process tree: who came from whom, who runs where, and how much of each is in memory.

import { observed, type ProcessRow } from '../store/observation.ts';
import { selectedProcess, selectProcess } from '../store/selection.ts';
import { number, text } from '../text.ts';
import { Panel } from './Panel.tsx';

interface Branch {
  readonly row: ProcessRow;
  readonly depth: number;
}

/** Parents before children, children in the order they came; an orphan stands at the root. */
function branches(rows: readonly ProcessRow[]): Branch[] {
  const living = rows.filter(({ state }) => state !== 'terminated' && state !== 'unused');
  const known = new Set(living.map(({ index }) => index));
  const list: Branch[] = [];
  const visit = (row: ProcessRow, depth: number) => {
    list.push({ row, depth });
    for (const child of living) {
      if (child.parent === row.index && child !== row) visit(child, depth + 1);
    }
  };
  for (const row of living) if (row.parent === null || !known.has(row.parent)) visit(row, 0);
  return list;
}

function onArrow(event: KeyboardEvent, list: readonly Branch[]): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const edge = { Home: 0, End: list.length - 1 }[event.key];
  if (step === undefined && edge === undefined) return;
  event.preventDefault();
  const at = list.findIndex(({ row }) => row.name === selectedProcess.value);
  const target = list[edge ?? Math.max(0, Math.min(list.length - 1, at + (step ?? 0)))];
  if (target === undefined) return;
  selectProcess(target.row.name);
  document.getElementById(`process-${target.row.index}`)?.focus();
}

export function ProcessTree() {
  const list = branches(observed.processes.value);
  const chosen = selectedProcess.value;
  const anyChosen = list.some(({ row }) => row.name === chosen);
  return (
    <Panel name="processes" title={text.panels.processes}>
      {list.length === 0 ? (
        <p class="hint">{text.noProcesses}</p>
      ) : (
        <div
          class="tree"
          role="tree"
          aria-label={text.panels.processes}
          tabIndex={-1}
          onKeyDown={(event) => onArrow(event, list)}
        >
          <div class="tree-head" aria-hidden="true">
            <span>{text.resident}</span>
            <span>{text.swapped}</span>
          </div>
          {list.map(({ row, depth }, at) => (
            <ProcessItem
              key={row.name}
              row={row}
              depth={depth}
              selected={row.name === chosen}
              reachable={anyChosen ? row.name === chosen : at === 0}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

interface ProcessItemProps extends Branch {
  readonly selected: boolean;
  readonly reachable: boolean;
}

function ProcessItem({ row, depth, selected, reachable }: ProcessItemProps) {
  const { name, state, cpus, resident, swapped } = row;
  const where = text.onCpus(cpus);
  return (
    <div
      id={`process-${row.index}`}
      class={`process ${state}${selected ? ' selected' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      data-process={name}
      style={{ '--depth': depth }}
      onClick={() => selectProcess(name)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          selectProcess(name);
        }
      }}
    >
      {depth > 0 && <span class="branch" />}
      <span class={`lamp ${cpus.length > 0 ? 'on-cpu' : state}`} />
      <span class="process-name">
        {name}
        <span class="unseen">, {state}</span>
      </span>
      <span class="process-where">{where}</span>
      <span class="digits count">
        {number(resident)}
        <span class="unseen"> {text.resident}</span>
      </span>
      <span class="digits count">
        {number(swapped)}
        <span class="unseen"> {text.swapped}</span>
      </span>
    </div>
  );
}
