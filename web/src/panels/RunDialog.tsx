import { useSignal } from '@preact/signals';
import { closeDialog } from '../store/dialogs.ts';
import { observed } from '../store/observation.ts';
import { selectedPages } from '../store/selection.ts';
import { perform } from '../store/session.ts';
import type { Pattern } from '../store/types.ts';
import { text } from '../text.ts';
import { Dialog } from './Dialog.tsx';
import { NumberField } from './NumberField.tsx';

type PatternName = keyof typeof text.patterns;

/** The last choices stand until the page is left. */
const last = { pattern: 'zipf' as PatternName, accesses: 100_000, writes: 0.3, cpus: 2, seed: 1 };

export function RunDialog() {
  const row = observed.selected.value;
  const most = observed.machine.value?.layout.cpus ?? 1;
  const pattern = useSignal<PatternName>(last.pattern);
  const stride = useSignal(7);
  const skew = useSignal(0.99);
  const accesses = useSignal(last.accesses);
  const writes = useSignal(last.writes);
  const cpus = useSignal(Math.min(most, last.cpus));
  const seed = useSignal(last.seed);
  // Several selected pages are what is meant; one is just where the visitor looks.
  const selected = selectedPages.value;
  const isSeveral = selected.last > selected.first;
  const first = useSignal(isSeveral ? selected.first : 0);
  const end = useSignal(isSeveral ? selected.last : (row?.pages ?? 1) - 1);
  if (row === undefined) return null;

  const chosen = (): Pattern => {
    if (pattern.value === 'stride') return { stride: stride.value };
    if (pattern.value === 'zipf') return { zipf: skew.value };
    return pattern.value;
  };
  const submit = (event: Event) => {
    event.preventDefault();
    Object.assign(last, {
      pattern: pattern.value,
      accesses: accesses.value,
      writes: writes.value,
      cpus: cpus.value,
      seed: seed.value + 1,
    });
    closeDialog();
    void perform({
      op: 'run',
      process: row.name,
      cpus: cpus.value,
      pattern: chosen(),
      pages: [first.value, end.value + 1],
      accesses: accesses.value,
      writes: writes.value,
      seed: seed.value,
    });
  };
  const set = (target: { value: number }) => (next: number) => {
    target.value = next;
  };
  return (
    <Dialog name="run" title={`${text.dialogs.runTitle} · ${row.name}`} note={text.dialogs.runNote}>
      <form class="dialog-form" onSubmit={submit}>
        <div class="field-grid">
          <label class="field">
            <span>{text.fields.pattern}</span>
            <select
              name="pattern"
              value={pattern.value}
              onChange={(event) => {
                pattern.value = event.currentTarget.value as PatternName;
              }}
            >
              {Object.entries(text.patterns).map(([name, label]) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          {pattern.value === 'stride' && (
            <NumberField
              label={text.fields.stride}
              name="stride"
              value={stride.value}
              min={1}
              max={4_294_967_295}
              onChange={set(stride)}
            />
          )}
          {pattern.value === 'zipf' && (
            <NumberField
              label={text.fields.skew}
              name="skew"
              value={skew.value}
              min={0}
              max={10}
              step={0.01}
              onChange={set(skew)}
            />
          )}
          <NumberField
            label={text.fields.accesses}
            name="accesses"
            value={accesses.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onChange={set(accesses)}
          />
          <NumberField
            label={text.fields.writes}
            name="writes"
            value={writes.value}
            min={0}
            max={1}
            step={0.01}
            onChange={set(writes)}
          />
          <NumberField
            label={text.fields.cpus}
            name="cpus"
            value={cpus.value}
            min={1}
            max={most}
            onChange={set(cpus)}
          />
          <NumberField
            label={text.fields.from}
            name="first"
            value={first.value}
            min={0}
            max={end.value}
            onChange={set(first)}
          />
          <NumberField
            label={text.fields.to}
            name="last"
            value={end.value}
            min={first.value}
            max={row.pages - 1}
            onChange={set(end)}
          />
          <NumberField
            label={text.fields.seed}
            name="seed"
            value={seed.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onChange={set(seed)}
          />
        </div>
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
