// Edits one option of a machine, and says what it may be, what it costs and, when asked, what it is there for.

import type { Option } from '../store/script/options.ts';
import { number } from '../text/format.ts';
import { text } from '../text/text.ts';
import { RuleField } from './RuleField.tsx';
import './OptionField.css';

interface OptionFieldProps {
  readonly option: Option;
  /** What the scenario says; undefined if it leaves it out. */
  readonly said: unknown;
  /** Whether that is not what the machine on the page has. */
  readonly isChanged: boolean;
  /** Whether the engine has refused it. */
  readonly isRefused: boolean;
  readonly onChange: (value: unknown) => void;
}

export function OptionField({ option, said, isChanged, isRefused, onChange }: OptionFieldProps) {
  const [name, cost, purpose] = text.machine.options[option.name] ?? [option.name, '', ''];
  return (
    <div
      class="option"
      data-machine-option={option.name}
      data-changed={isChanged}
      data-refused={isRefused}
    >
      <label class="option-name" for={`option-${option.name}`}>
        {name}
      </label>
      {option.kind === 'number' ? (
        <NumberInput option={option} said={said} isRefused={isRefused} onChange={onChange} />
      ) : (
        option.kind === 'choice' && (
          <ChoiceInput option={option} said={said} isRefused={isRefused} onChange={onChange} />
        )
      )}
      {option.kind === 'number' && (
        <p class="option-range" id={`range-${option.name}`}>
          {text.machine.range(option.least, option.most, usualOf(option))}
        </p>
      )}
      {ruleOf(said) !== undefined && (
        <RuleField
          rule={ruleOf(said) ?? ''}
          isRefused={isRefused}
          onChange={(rule) => onChange({ rule })}
        />
      )}
      <p class="option-cost">{cost}</p>
      {purpose !== '' && (
        <details class="option-behind">
          <summary aria-label={text.machine.whyOf(name)}>{text.machine.why}</summary>
          {purpose}
        </details>
      )}
    </div>
  );
}

/** The text of a rule, where what is said is one. */
function ruleOf(said: unknown): string | undefined {
  if (typeof said !== 'object' || said === null || !('rule' in said)) return undefined;
  return `${said.rule}`;
}

type InputProps<Kind extends Option['kind']> = Pick<
  OptionFieldProps,
  'said' | 'isRefused' | 'onChange'
> & { readonly option: Extract<Option, { kind: Kind }> };

/** What a number is where it is left out. */
const usualOf = ({ usual, suits = 'memory' }: Extract<Option, { kind: 'number' }>) =>
  usual === undefined ? text.machine.suits[suits] : number(usual);

/** A number as it is typed; none is left out. What is legal is the engine's to say. */
export function NumberInput({ option, said, isRefused, onChange }: InputProps<'number'>) {
  return (
    <input
      id={`option-${option.name}`}
      class="digits"
      type="number"
      name={option.name}
      inputMode="numeric"
      step="any"
      placeholder={usualOf(option)}
      value={typeof said === 'number' ? said : ''}
      aria-invalid={isRefused}
      aria-describedby={`range-${option.name}`}
      onInput={(event) => {
        const { value, valueAsNumber } = event.currentTarget;
        if (value === '') onChange(undefined);
        else if (!Number.isNaN(valueAsNumber)) onChange(valueAsNumber);
      }}
    />
  );
}

function ChoiceInput({ option, said, isRefused, onChange }: InputProps<'choice'>) {
  // What the engine suits to the machine has no words but none.
  const words = (value: unknown) => JSON.stringify(value) ?? '';
  // A rule of any text is the same choice.
  const chosen =
    ruleOf(said) === undefined
      ? said
      : option.choices.find((choice) => ruleOf(choice) !== undefined);
  return (
    <select
      id={`option-${option.name}`}
      name={option.name}
      value={words(chosen ?? option.usual)}
      aria-invalid={isRefused}
      onChange={(event) => {
        const { value } = event.currentTarget;
        // What is usual goes without saying: a link need not carry it.
        onChange(value === words(option.usual) ? undefined : JSON.parse(value));
      }}
    >
      {option.suits && <option value="">{text.machine.suited[option.suits]}</option>}
      {option.choices.map((choice) => (
        <option key={words(choice)} value={words(choice)}>
          {words(choice) === words(option.usual)
            ? text.machine.usual(text.machine.choice(choice))
            : text.machine.choice(choice)}
        </option>
      ))}
    </select>
  );
}
