import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hindrance } from '../engine/sharing.ts';
import type { Bug, Problem, Scenario } from '../generated/types.d.ts';
import { keepDraft } from '../store/library/drafts.ts';
import { machinePresets } from '../store/library/machine-presets.ts';
import { observed } from '../store/machine/observation.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { canCompare, compare, unfinished } from '../store/run/comparison.ts';
import { scenario } from '../store/run/open-machine.ts';
import { load } from '../store/run/session.ts';
import { wantsDisk } from '../store/run/swap-place.ts';
import { textOf } from '../store/script/document.ts';
import {
  changesBetween,
  costOptions,
  machineOptions,
  type Option,
  runtimeOptions,
  saidAt,
  withOption,
} from '../store/script/options.ts';
import { factsOf } from '../store/script/problem-facts.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';
import { NumberInput, OptionField } from './OptionField.tsx';
import './MachineDialog.css';

type Group = keyof typeof text.machine.groups;

const GROUPS: Readonly<Record<Group, readonly string[]>> = {
  size: ['frames', 'data_frames', 'slots', 'cpus'],
  programs: ['dispatch', 'reads'],
  faults: [
    ...['pte_locks', 'early_release', 'zeroer', 'free_lists', 'list_shards', 'cpu_cache'],
    ...['read_ahead', 'read_ahead_by'],
  ],
  eviction: [
    ...['eviction', 'policy', 'clock_tick.unit', 'clock_tick.every', 'working_set_window'],
    ...['rmap', 'isolate', 'finder', 'trimmers', 'writers', 'kill_batch'],
    ...['write_batch', 'standby_batch', 'slot_finder', 'drain_hands', 'keep_slots', 'shootdown'],
  ],
  trim: ['trim.trigger', 'trim.low', 'trim.high', 'trim.batch'],
};

/** The frames that the open machine has got, where the scenario says those for data; they are not known of another. */
function withWorkedOut(option: Option, draft: Scenario, present: Scenario): Option {
  const data = draft.machine?.data_frames;
  if (option.kind !== 'number' || option.name !== 'frames' || data === undefined) return option;
  const frames = observed.machine.value?.layout.frames;
  return { ...option, usual: data === present.machine?.data_frames ? frames : undefined };
}

/** What the engine says of it, in words, beside the option that it is about. */
function isAbout(problem: Problem | undefined, pointer: string): boolean {
  return problem !== undefined && `${problem.path}/`.startsWith(`${pointer}/`);
}

/** Every option of the machine. The engine says which values are legal. */
export function MachineDialog() {
  const present = scenario.value;
  const draft = useSignal<Scenario>(unfinished.value ?? present);
  const disk = useSignal(wantsDisk.peek());
  const found = useSignal<Problem | undefined>(undefined);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    unfinished.value = undefined;
  }, []);
  useLayoutEffect(() => {
    if (found.value === undefined) return;
    form.current?.querySelector('[data-refused="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [found.value]);

  const changes = changesBetween(present, draft.value);
  const isChanged = (pointer: string) => changes.some((change) => change.pointer === pointer);
  const set = (pointer: string, value: unknown) => {
    draft.value = withOption(draft.value, pointer, value);
  };
  const isLegal = async () => {
    found.value = undefined;
    return mayRun(textOf(draft.value), (problem) => {
      found.value = problem;
    });
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!(await isLegal())) return;
    const next = draft.value;
    closeDialog();
    wantsDisk.value = disk.value;
    keepDraft(next);
    await load(next);
  };
  const field = (option: Option) => (
    <OptionField
      key={option.name}
      option={withWorkedOut(option, draft.value, present)}
      said={saidAt(draft.value, option.pointer)}
      isChanged={isChanged(option.pointer)}
      isRefused={isAbout(found.value, option.pointer)}
      onChange={(value) => set(option.pointer, value)}
    />
  );
  const named = (names: readonly string[]) =>
    names.flatMap((name) => machineOptions.filter((option) => option.name === name));
  const kind = draft.value.runtime?.kind ?? 'virtual';
  return (
    <Dialog
      onClose={closeDialog}
      name="machine"
      title={text.dialogs.machineTitle}
      note={text.dialogs.machineNote}
      wide={true}
    >
      <form class="dialog-form machine-form" ref={form} onSubmit={submit}>
        <div class="machine-options">
          <MachinePresets
            onChoose={(machine, runtime) => {
              draft.value = { ...draft.value, machine, runtime };
            }}
          />
          <RuntimeFields
            draft={draft.value}
            isChanged={isChanged}
            isRefused={(pointer) => isAbout(found.value, pointer)}
            onChange={(runtime) => {
              draft.value = { ...draft.value, runtime };
            }}
          />
          {kind === 'threads' && hindrance === undefined && <SwapField wanted={disk} />}
          {(Object.keys(GROUPS) as Group[]).map((group) => (
            <section key={group} aria-labelledby={`group-${group}`}>
              <h3 id={`group-${group}`}>{text.machine.groups[group]}</h3>
              <div class="option-grid">{named(GROUPS[group]).map(field)}</div>
            </section>
          ))}
          {kind === 'virtual' && (
            <details class="dialog-more">
              <summary>{text.machine.costs}</summary>
              <p class="dialog-note">{text.machine.costsNote}</p>
              <div class="cost-grid">
                {costOptions.map((option) =>
                  option.kind !== 'number' ? null : (
                    <label
                      key={option.name}
                      class="field"
                      for={`option-${option.name}`}
                      data-changed={isChanged(option.pointer)}
                      data-refused={isAbout(found.value, option.pointer)}
                    >
                      <span>{text.machine.costName(option.name)}</span>
                      <NumberInput
                        option={option}
                        said={saidAt(draft.value, option.pointer)}
                        isRefused={isAbout(found.value, option.pointer)}
                        onChange={(value) => set(option.pointer, value)}
                      />
                    </label>
                  ),
                )}
              </div>
            </details>
          )}
          {named(['bugs']).map((option) => (
            <BugFields
              key={option.name}
              option={option}
              said={saidAt(draft.value, option.pointer)}
              onChange={(value) => set(option.pointer, value)}
            />
          ))}
        </div>
        {found.value !== undefined && (
          <div role="alert" data-notice="problem">
            <ProblemView facts={factsOf(found.value)} />
          </div>
        )}
        <footer class="dialog-foot">
          <span class="machine-changes" role="status">
            {text.machine.changed(changes.length)}
          </span>
          <span class="spring" />
          <button type="button" class="button" onClick={closeDialog}>
            {text.dialogs.cancel}
          </button>
          <button
            type="button"
            class="button"
            data-machine="compare"
            disabled={!canCompare(present, draft.value)}
            onClick={async () => {
              if (await isLegal()) await compare(present, draft.value);
            }}
          >
            {text.machine.compare}
          </button>
          <button type="submit" class="button primary">
            {text.dialogs.apply}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

interface MachinePresetsProps {
  readonly onChoose: (
    machine: NonNullable<Scenario['machine']>,
    runtime: NonNullable<Scenario['runtime']>,
  ) => void;
}

/** Machines to start from; the script stays. */
function MachinePresets({ onChoose }: MachinePresetsProps) {
  return (
    <fieldset class="machine-presets">
      <legend>{text.machine.presets}</legend>
      {machinePresets.map(({ name, scenario: { machine = {}, runtime = { kind: 'virtual' } } }) => (
        <button
          key={name}
          type="button"
          class="button"
          data-machine-preset={name}
          onClick={() => onChoose(machine, runtime)}
        >
          {text.machine.presetNames[name] ?? name}
        </button>
      ))}
    </fieldset>
  );
}

interface RuntimeFieldsProps {
  readonly draft: Scenario;
  readonly isChanged: (pointer: string) => boolean;
  readonly isRefused: (pointer: string) => boolean;
  readonly onChange: (runtime: NonNullable<Scenario['runtime']>) => void;
}

function RuntimeFields({ draft, isChanged, isRefused, onChange }: RuntimeFieldsProps) {
  const { runtime } = draft;
  const kind = runtime?.kind ?? 'virtual';
  const cpus = draft.machine?.cpus ?? observed.machine.value?.layout.cpus ?? 1;
  // What virtual CPUs had comes back with them.
  const virtual = useRef(runtime?.kind === 'virtual' ? runtime : { kind: 'virtual' as const });
  if (runtime?.kind === 'virtual') virtual.current = runtime;
  return (
    <fieldset class="choices">
      <legend>{text.fields.runtime}</legend>
      {(['virtual', 'threads'] as const).map((each) => (
        <label key={each} class="choice">
          <input
            type="radio"
            name="runtime"
            value={each}
            checked={kind === each}
            disabled={each === 'threads' && hindrance !== undefined}
            onChange={() => onChange(each === 'threads' ? { kind: each } : virtual.current)}
          />
          <span>
            {text.runtimes[each]}
            {each === 'threads' && hindrance !== undefined && ` ${text.threadsDisabled[hindrance]}`}
          </span>
        </label>
      ))}
      {runtime?.kind === 'threads' && cpus >= navigator.hardwareConcurrency && (
        <p class="hint" data-notice="no-core">
          {text.dialogs.allCores(navigator.hardwareConcurrency)}
        </p>
      )}
      {runtime?.kind !== 'threads' && (
        <label class="seed" for="option-seed">
          <span>{text.fields.seed}</span>
          <input
            id="option-seed"
            class="digits"
            type="number"
            name="seed"
            inputMode="numeric"
            step="any"
            placeholder="0"
            value={runtime?.seed ?? ''}
            aria-invalid={isRefused('/runtime/seed')}
            onInput={(event) => {
              const { value, valueAsNumber } = event.currentTarget;
              if (value !== '' && Number.isNaN(valueAsNumber)) return;
              const { seed: _, ...rest } = { seed: 0, ...virtual.current };
              onChange(value === '' ? rest : { ...rest, seed: valueAsNumber });
            }}
          />
        </label>
      )}
      {runtime?.kind !== 'threads' && (
        <label class="choice">
          <input
            type="checkbox"
            name="coherence"
            checked={runtime?.coherence ?? false}
            onChange={({ currentTarget: { checked } }) => {
              const { coherence: _, ...rest } = { coherence: false, ...virtual.current };
              onChange(checked ? { ...rest, coherence: true } : rest);
            }}
          />
          <span>{text.fields.coherence}</span>
        </label>
      )}
      {runtime?.kind !== 'threads' && (
        <div class="option-grid">
          {runtimeOptions.map((option) => (
            <OptionField
              key={option.name}
              option={option}
              said={saidAt(draft, option.pointer)}
              isChanged={isChanged(option.pointer)}
              isRefused={isRefused(option.pointer)}
              onChange={(value) => {
                const { runtime: next } = withOption(
                  { ...draft, runtime: virtual.current },
                  option.pointer,
                  value,
                );
                onChange(next ?? virtual.current);
              }}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

/** Where swap is wanted: a choice of the visit, which no scenario has. */
function SwapField({ wanted }: { readonly wanted: Signal<boolean> }) {
  return (
    <div class="choices">
      <label class="choice">
        <input
          type="checkbox"
          name="disk"
          checked={wanted.value}
          aria-describedby="disk-note"
          onChange={({ currentTarget: { checked } }) => {
            wanted.value = checked;
          }}
        />
        <span>{text.swapPlace.choice}</span>
      </label>
      <p class="hint" id="disk-note">
        {text.swapPlace.note}
      </p>
    </div>
  );
}

interface BugFieldsProps {
  readonly option: Option;
  readonly said: unknown;
  readonly onChange: (value: unknown) => void;
}

function BugFields({ option, said, onChange }: BugFieldsProps) {
  if (option.kind !== 'set') return null;
  const chosen: readonly unknown[] = Array.isArray(said) ? said : [];
  const [, cost, purpose] = text.machine.options[option.name] ?? [];
  return (
    <details class="dialog-more" data-machine-option={option.name} open={chosen.length > 0}>
      <summary>{text.machine.bugs}</summary>
      <p class="dialog-note">
        {cost} {purpose}
      </p>
      <div class="bug-grid">
        {option.choices.map((bug) => (
          <label key={bug}>
            <input
              type="checkbox"
              name={bug}
              checked={chosen.includes(bug)}
              onChange={(event) => {
                const next = option.choices.filter((each) =>
                  each === bug ? event.currentTarget.checked : chosen.includes(each),
                );
                onChange(next.length === 0 ? undefined : next);
              }}
            />
            <span title={bug}>{text.bugs.names[bug as Bug] ?? bug}</span>
          </label>
        ))}
      </div>
    </details>
  );
}
