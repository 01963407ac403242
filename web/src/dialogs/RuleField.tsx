// Edits the rule of a replacement policy of one's own: three rules to begin with, and what the engine says of it while
// it is typed.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { check } from '../engine/client.ts';
import type { Scenario } from '../generated/types.d.ts';
import { EMPTY, textOf } from '../store/script/document.ts';
import { text } from '../text/text.ts';
import './RuleField.css';

interface RuleFieldProps {
  readonly rule: string;
  readonly isRefused: boolean;
  readonly onChange: (rule: string) => void;
}

/** A scenario with this rule and nothing else, which is refused only for the rule. */
const alone = (rule: string): Scenario => ({ ...EMPTY, machine: { policy: { rule } }, script: [] });

export function RuleField({ rule, isRefused, onChange }: RuleFieldProps) {
  /** What is wrong with the rule, nothing if it is fine; unknown until the engine has answered. */
  const wrong = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let isLatest = true;
    wrong.value = undefined;
    check(textOf(alone(rule))).then(
      (found) => {
        if (isLatest) wrong.value = found?.message ?? '';
      },
      // The engine says it when the form is sent.
      () => undefined,
    );
    return () => {
      isLatest = false;
    };
  }, [rule]);
  const isWrong = wrong.value !== undefined && wrong.value !== '';
  return (
    <div class="rule">
      <label class="rule-name" for="option-rule">
        {text.machine.rule.name}
      </label>
      <textarea
        id="option-rule"
        class="rule-text"
        name="rule"
        rows={3}
        spellcheck={false}
        value={rule}
        aria-invalid={isRefused || isWrong}
        aria-describedby="rule-state"
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      <p class="rule-state" id="rule-state" role="status" data-wrong={isWrong}>
        {wrong.value === '' ? text.machine.rule.fine : wrong.value}
      </p>
      <fieldset class="rule-examples">
        <legend>{text.machine.rule.examples}</legend>
        {text.machine.rule.list.map(([name, example]) => (
          <button
            key={name}
            type="button"
            class="button"
            data-rule={name}
            onClick={() => onChange(example)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <p class="rule-words">{text.machine.rule.words}</p>
    </div>
  );
}
