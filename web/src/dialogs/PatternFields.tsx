// Edits a pattern of accesses: its kind, and what that kind needs.

import type { Pattern } from '../generated/types.d.ts';
import { pageTraces } from '../store/library/reference-traces.ts';
import { text } from '../text/text.ts';
import { NumberField } from '../widgets/NumberField.tsx';

type PatternName = keyof typeof text.patterns;
export type SteadyPattern = Exclude<Pattern, { phases: unknown } | { trace: string }>;

/** What a phase can have. */
const STEADY: readonly PatternName[] = ['sequential', 'uniform', 'stride', 'zipf'];
const EVERY = Object.keys(text.patterns) as PatternName[];

export function nameOf(pattern: Pattern): PatternName {
  return typeof pattern === 'string' ? pattern : (Object.keys(pattern)[0] as PatternName);
}

/** A pattern of this kind, to begin with. */
function patternNamed(name: PatternName): Pattern {
  switch (name) {
    case 'stride':
      return { stride: 7 };
    case 'zipf':
      return { zipf: 0.99 };
    case 'phases':
      return { phases: [{ pattern: 'sequential' }, { pattern: { zipf: 0.99 } }] };
    case 'trace':
      return { trace: pageTraces[0] ?? '' };
    default:
      return name;
  }
}

interface PatternFieldsProps {
  readonly pattern: Pattern;
  readonly onChange: (pattern: Pattern) => void;
  /** Of a phase, whose pattern does not change. */
  readonly isSteady?: boolean;
}

export function PatternFields({ pattern, onChange, isSteady = false }: PatternFieldsProps) {
  return (
    <>
      <label class="field">
        <span>{text.fields.pattern}</span>
        <select
          name="pattern"
          value={nameOf(pattern)}
          onChange={(event) => onChange(patternNamed(event.currentTarget.value as PatternName))}
        >
          {(isSteady ? STEADY : EVERY).map((name) => (
            <option key={name} value={name}>
              {text.patterns[name]}
            </option>
          ))}
        </select>
      </label>
      {typeof pattern === 'object' && 'stride' in pattern && (
        <NumberField
          label={text.fields.stride}
          name="stride"
          value={pattern.stride}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          onChange={(stride) => onChange({ stride })}
        />
      )}
      {typeof pattern === 'object' && 'zipf' in pattern && (
        <NumberField
          label={text.fields.skew}
          name="skew"
          value={pattern.zipf}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          step={0.01}
          onChange={(zipf) => onChange({ zipf })}
        />
      )}
      {typeof pattern === 'object' && 'trace' in pattern && (
        <label class="field">
          <span>{text.fields.trace}</span>
          <select
            name="trace"
            value={pattern.trace}
            onChange={(event) => onChange({ trace: event.currentTarget.value })}
          >
            {pageTraces.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
