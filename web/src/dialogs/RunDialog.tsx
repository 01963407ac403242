import { useSignal } from '@preact/signals';
import type { Op, Pattern, Problem, SteadyPattern } from '../generated/types.d.ts';
import { observed } from '../store/machine/observation.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { selectedPages } from '../store/page/selection.ts';
import { runtimeKind, scenario } from '../store/run/open-machine.ts';
import { cursor } from '../store/run/playhead.ts';
import { perform } from '../store/run/session.ts';
import { textOf, withLine } from '../store/script/document.ts';
import { phraseOf } from '../store/script/phrase.ts';
import { factsOf } from '../store/script/problem-facts.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { DialogFoot } from '../widgets/DialogFoot.tsx';
import { NumberField } from '../widgets/NumberField.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';
import { nameOf, PatternFields } from './PatternFields.tsx';
import './RunDialog.css';

type Run = Extract<Op, { op: 'run' }>;
type Phase = Extract<Pattern, { phases: unknown }>['phases'][number];

/** How many workers can compute at the same time. */
const cores = navigator.hardwareConcurrency;

/** On threads the page itself wants a core too. Virtual CPUs do not depend on the computer. */
const usualCpus = (): number => (runtimeKind.value === 'threads' ? Math.max(1, cores - 1) : 2);

/** The last choices stand until the page is left. */
const last = {
  pattern: { zipf: 0.99 } as Pattern,
  accesses: 100_000,
  writes: 0.3,
  cpus: undefined as number | undefined,
  seed: 1,
};

/** Where the line has what a field edits. */
const PLACES = {
  cpus: 'cpus',
  accesses: 'accesses',
  writes: 'writes',
  first: 'pages/0',
  end: 'pages/1',
  seed: 'seed',
} as const;

/** What may stand at a place of the line, if what does was refused. */
function refusedAt(problem: Problem | undefined, place: string): string | undefined {
  return problem?.path.replace(/^\/script\/\d+\//, '') === place ? problem.legal : undefined;
}

/** A workload for the selected process: a line of the script. The engine says whether it is legal. */
export function RunDialog() {
  const row = observed.selected.value;
  // Several selected pages are what is meant; one is just where the visitor looks.
  const selected = selectedPages.value;
  const isSeveral = selected.last > selected.first;
  const pages = row?.pages ?? 1;
  const most = observed.machine.value?.layout.cpus ?? 1;
  const choice = useSignal({
    ...last,
    cpus: Math.min(most, last.cpus ?? usualCpus()),
    first: isSeveral ? selected.first : 0,
    end: isSeveral ? selected.last : pages - 1,
  });
  const found = useSignal<Problem | undefined>(undefined);
  if (row === undefined) return null;

  const { pattern, accesses, writes, cpus, seed, first, end } = choice.value;
  const set = (changed: Partial<typeof choice.value>) => {
    choice.value = { ...choice.value, ...changed };
  };
  const isRecorded = typeof pattern === 'object' && ('trace' in pattern || 'pages' in pattern);
  const op: Run = {
    op: 'run',
    process: row.name,
    cpus,
    pattern,
    // A recorded program and a reference string have their own pages, length and writes.
    ...(isRecorded ? {} : { pages: [first, end + 1] as [number, number], accesses, writes, seed }),
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    found.value = undefined;
    const isLegal = await mayRun(textOf(withLine(scenario.value, cursor.value, op)), (problem) => {
      found.value = problem;
    });
    if (!isLegal) return;
    Object.assign(last, { pattern, accesses, writes, cpus, seed: seed + 1 });
    closeDialog();
    void perform(op);
  };
  const numberField = (
    name: 'accesses' | 'writes' | 'cpus' | 'first' | 'end' | 'seed',
    label: string,
    field: string = name,
  ) => (
    <NumberField
      label={label}
      name={field}
      value={choice.value[name]}
      min={name === 'cpus' || name === 'accesses' ? 1 : 0}
      max={name === 'writes' ? 1 : Number.MAX_SAFE_INTEGER}
      refused={refusedAt(found.value, PLACES[name])}
      step={name === 'writes' ? 0.01 : 1}
      onChange={(value) => set({ [name]: value })}
    />
  );
  return (
    <Dialog
      onClose={closeDialog}
      name="run"
      title={`${text.dialogs.runTitle} · ${row.name}`}
      note={text.dialogs.runNote}
      wide={typeof pattern === 'object' && 'phases' in pattern}
    >
      <form class="dialog-form" onSubmit={submit}>
        <div class="field-grid">
          <PatternFields
            pattern={pattern}
            onChange={(next) => {
              // A textbook's string is one program's, in its order.
              const isString = typeof next === 'object' && 'pages' in next;
              set({ pattern: next, ...(isString && nameOf(pattern) !== 'pages' && { cpus: 1 }) });
            }}
          />
          {numberField('cpus', text.fields.cpus)}
          {!isRecorded && (
            <>
              {numberField('accesses', text.fields.accesses)}
              {numberField('writes', text.fields.writes)}
              {numberField('first', text.fields.from)}
              {numberField('end', text.fields.to, 'last')}
              {numberField('seed', text.fields.seed)}
            </>
          )}
        </div>
        {typeof pattern === 'object' && 'phases' in pattern && (
          <PhaseList
            phases={pattern.phases}
            usual={{ accesses, writes, pages: [first, end + 1] }}
            onChange={(phases) => set({ pattern: { phases: phases as [Phase, ...Phase[]] } })}
          />
        )}
        {runtimeKind.value === 'threads' && cpus >= cores && (
          <p class="hint" data-hint="cores">
            {text.dialogs.allCores(cores)}
          </p>
        )}
        <output class="run-line">
          <span class="unseen">{text.dialogs.runLine}</span>
          {phraseOf(op)}
        </output>
        {found.value !== undefined && (
          <div role="alert" data-notice="problem">
            <ProblemView facts={factsOf(found.value)} />
          </div>
        )}
        <DialogFoot onCancel={closeDialog} submit={text.dialogs.apply} />
      </form>
    </Dialog>
  );
}

interface PhaseListProps {
  readonly phases: readonly Phase[];
  /** What a phase that says nothing has. */
  readonly usual: { accesses: number; writes: number; pages: [number, number] };
  readonly onChange: (phases: Phase[]) => void;
}

/** Phases in their order, each with a pattern of its own; what it leaves out is the run's. */
function PhaseList({ phases, usual, onChange }: PhaseListProps) {
  const change = (at: number, changed: Partial<Phase>) =>
    onChange(phases.map((phase, index) => (index === at ? { ...phase, ...changed } : phase)));
  const [first, end] = usual.pages;
  return (
    <ol class="workload-phases">
      {phases.map((phase, at) => {
        const [from, to] = phase.pages ?? [first, end];
        return (
          <li key={at} data-phase={at}>
            <div class="field-grid">
              <PatternFields
                isSteady={true}
                pattern={phase.pattern}
                onChange={(pattern) => change(at, { pattern: pattern as SteadyPattern })}
              />
              <NumberField
                label={text.fields.accesses}
                name="phase-accesses"
                value={phase.accesses ?? Math.ceil(usual.accesses / phases.length)}
                min={0}
                max={Number.MAX_SAFE_INTEGER}
                onChange={(accesses) => change(at, { accesses })}
              />
              <NumberField
                label={text.fields.writes}
                name="phase-writes"
                value={phase.writes ?? usual.writes}
                min={0}
                max={Number.MAX_SAFE_INTEGER}
                step={0.01}
                onChange={(writes) => change(at, { writes })}
              />
              <NumberField
                label={text.fields.from}
                name="phase-first"
                value={from}
                min={0}
                max={Number.MAX_SAFE_INTEGER}
                onChange={(page) => change(at, { pages: [page, to] })}
              />
              <NumberField
                label={text.fields.to}
                name="phase-last"
                value={to - 1}
                min={0}
                max={Number.MAX_SAFE_INTEGER}
                onChange={(page) => change(at, { pages: [from, page + 1] })}
              />
            </div>
            <button
              type="button"
              class="button icon"
              aria-label={text.dialogs.removePhase(at)}
              disabled={phases.length === 1}
              onClick={() => onChange(phases.filter((_, index) => index !== at))}
            >
              ×
            </button>
          </li>
        );
      })}
      <li>
        <button
          type="button"
          class="button"
          data-phase="add"
          onClick={() => onChange([...phases, { pattern: 'uniform' }])}
        >
          {text.dialogs.addPhase}
        </button>
      </li>
    </ol>
  );
}
