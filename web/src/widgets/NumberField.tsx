// Edits a number in a field. What is typed takes hold when it is legal; what is not is put right on leaving.

import { useSignal } from '@preact/signals';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly name?: string;
}

export function NumberField({
  label,
  value,
  onChange,
  min,
  max,
  step = 1,
  name,
}: NumberFieldProps) {
  const draft = useSignal<string | undefined>(undefined);
  const legal = (number: number) =>
    Number.isFinite(number) && number >= min && number <= max && (step !== 1 || number % 1 === 0);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        name={name}
        inputMode="numeric"
        min={min}
        max={max}
        step={step}
        value={draft.value ?? String(value)}
        aria-invalid={draft.value !== undefined && !legal(Number(draft.value))}
        onInput={(event) => {
          draft.value = event.currentTarget.value;
          const number = Number(draft.value);
          if (draft.value !== '' && legal(number)) onChange(number);
        }}
        onKeyDown={(event) => {
          // Outside a form Enter leaves the field, so that the keys are commands again.
          const { key, currentTarget } = event;
          if (key === 'Enter' && currentTarget.form === null) currentTarget.blur();
        }}
        onBlur={() => {
          draft.value = undefined;
        }}
      />
    </label>
  );
}
