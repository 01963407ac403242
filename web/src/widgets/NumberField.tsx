// Edits a number in a field. What is typed takes hold when it is legal. What is not stays as it was typed, marked, with
// the range beside it, and nothing is put in its place; who shows the field hears of it.

import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { text } from '../text/text.ts';

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  readonly name?: string;
  /** What may stand there, said by who has refused what does. */
  readonly refused?: string | undefined;
  /** Hears whether what the field shows is legal, whenever that changes. */
  readonly onLegal?: (isLegal: boolean) => void;
}

export function NumberField({
  label,
  value,
  onChange,
  min,
  max,
  step = 1,
  name,
  refused,
  onLegal,
}: NumberFieldProps) {
  const draft = useSignal<string | undefined>(undefined);
  const id = useId();
  const isLegal = (typed: string) => {
    const number = Number(typed);
    const isOnStep = step % 1 !== 0 || (number - min) % step === 0;
    return typed.trim() !== '' && number >= min && number <= max && isOnStep;
  };
  const legal = isLegal(draft.value ?? String(value));
  useEffect(() => {
    onLegal?.(legal);
    return () => onLegal?.(true);
  }, [legal]);
  // Another value from elsewhere takes the place of what was typed.
  useEffect(() => {
    if (draft.peek() !== undefined && Number(draft.peek()) !== value) draft.value = undefined;
  }, [value, draft]);
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        name={name}
        inputMode="numeric"
        required={true}
        min={min}
        max={max}
        step={step}
        value={draft.value ?? String(value)}
        aria-invalid={!legal || refused !== undefined}
        aria-describedby={legal && refused === undefined ? undefined : id}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          draft.value = typed;
          if (isLegal(typed)) onChange(Number(typed));
        }}
        onKeyDown={(event) => {
          // Outside a form Enter leaves the field, so that the keys are commands again.
          const { key, currentTarget } = event;
          if (key === 'Enter' && currentTarget.form === null) currentTarget.blur();
        }}
        onBlur={() => {
          if (legal) draft.value = undefined;
        }}
      />
      {(!legal || refused !== undefined) && (
        <span class="field-range" id={id} role="alert">
          {legal ? refused : text.fields.range(min, max, step)}
        </span>
      )}
    </label>
  );
}
