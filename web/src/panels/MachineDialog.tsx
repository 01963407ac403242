import { useSignal } from '@preact/signals';
import { canShare } from '../engine/client.ts';
import { closeDialog } from '../store/dialogs.ts';
import { keepDraft } from '../store/drafts.ts';
import { mayRun } from '../store/links.ts';
import { observed } from '../store/observation.ts';
import { textOf } from '../store/script.ts';
import { load, scenario } from '../store/session.ts';
import type { Policy, Problem, Scenario } from '../store/types.ts';
import { text } from '../text.ts';
import { Dialog } from './Dialog.tsx';
import { NumberField } from './NumberField.tsx';
import { ProblemView } from './ProblemView.tsx';

type RuntimeKind = 'virtual' | 'threads';

/** The few options that are changed most; the engine says which values are legal. */
export function MachineDialog() {
  const { machine = {}, runtime } = scenario.value;
  const layout = observed.machine.value?.layout;
  const frames = useSignal(machine.frames ?? layout?.frames ?? 64);
  const slots = useSignal(machine.slots ?? layout?.slots ?? 256);
  const cpus = useSignal(machine.cpus ?? layout?.cpus ?? 2);
  const policy = useSignal<Policy>(machine.policy ?? 'clock');
  const kind = useSignal<RuntimeKind>(runtime?.kind ?? 'virtual');
  const seed = useSignal(runtime?.kind === 'virtual' ? (runtime.seed ?? 0) : 1);
  const found = useSignal<Problem | undefined>(undefined);

  const changed = (): Scenario => {
    const costs = runtime?.kind === 'virtual' && runtime.costs ? { costs: runtime.costs } : {};
    return {
      ...scenario.value,
      machine: {
        ...machine,
        frames: frames.value,
        slots: slots.value,
        cpus: cpus.value,
        // The default goes without saying: a link need not carry it.
        ...(policy.value === (machine.policy ?? 'clock') ? {} : { policy: policy.value }),
      },
      runtime:
        kind.value === 'threads'
          ? { kind: 'threads' }
          : { kind: 'virtual', seed: seed.value, ...costs },
    };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const next = changed();
    found.value = undefined;
    const isFine = await mayRun(textOf(next), (problem) => {
      found.value = problem;
    });
    if (!isFine) return;
    closeDialog();
    keepDraft(next);
    await load(next);
  };
  return (
    <Dialog name="machine" title={text.dialogs.machineTitle} note={text.dialogs.machineNote}>
      <form class="dialog-form" onSubmit={submit}>
        <div class="field-grid">
          <NumberField
            label={text.fields.frames}
            name="frames"
            value={frames.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onChange={(next) => {
              frames.value = next;
            }}
          />
          <NumberField
            label={text.fields.slots}
            name="slots"
            value={slots.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onChange={(next) => {
              slots.value = next;
            }}
          />
          <NumberField
            label={text.fields.cpus}
            name="cpus"
            value={cpus.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onChange={(next) => {
              cpus.value = next;
            }}
          />
          <label class="field">
            <span>{text.fields.policy}</span>
            <select
              name="policy"
              value={policy.value}
              onChange={(event) => {
                policy.value = event.currentTarget.value as Policy;
              }}
            >
              {Object.entries(text.policies).map(([name, label]) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </div>
        <fieldset class="choices">
          <legend>{text.fields.runtime}</legend>
          {(['virtual', 'threads'] as const).map((each) => (
            <label key={each} class="choice">
              <input
                type="radio"
                name="runtime"
                value={each}
                checked={kind.value === each}
                disabled={each === 'threads' && !canShare}
                onChange={() => {
                  kind.value = each;
                }}
              />
              <span>
                {text.runtimes[each]}
                {each === 'threads' && !canShare && ` ${text.threadsDisabled}`}
              </span>
            </label>
          ))}
        </fieldset>
        {kind.value === 'virtual' && (
          <div class="field-grid">
            <NumberField
              label={text.fields.seed}
              name="seed"
              value={seed.value}
              min={0}
              max={Number.MAX_SAFE_INTEGER}
              onChange={(next) => {
                seed.value = next;
              }}
            />
          </div>
        )}
        {found.value !== undefined && (
          <div role="alert" data-notice="problem">
            <ProblemView problem={found.value} />
          </div>
        )}
        <footer class="dialog-foot">
          <span class="spring" />
          <button type="button" class="button" onClick={closeDialog}>
            {text.dialogs.cancel}
          </button>
          <button type="submit" class="button primary">
            {text.dialogs.apply}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
