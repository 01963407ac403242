// Edits a pattern of accesses: its kind, and what that kind needs.

import { useState } from 'preact/hooks';
import type { Pattern } from '../generated/types.d.ts';
import { knownTraces } from '../store/library/reference-traces.ts';
import { text } from '../text/text.ts';
import { NumberField } from '../widgets/NumberField.tsx';

type PatternName = keyof typeof text.patterns;

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
    case 'pages':
      return { pages: [7, 0, 1, 2, 0, 3] };
    case 'trace':
      return { trace: knownTraces.value[0] ?? '' };
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
      {typeof pattern === 'object' && 'pages' in pattern && (
        <ReferencesField
          references={pattern.pages}
          onChange={(pages) => onChange({ pages: pages as typeof pattern.pages })}
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
            {knownTraces.value.map((name) => (
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

type References = Extract<Pattern, { pages: unknown }>['pages'];

interface ReferencesFieldProps {
  readonly references: References;
  readonly onChange: (references: readonly (number | string)[]) => void;
}

/** A reference string as a textbook prints it: pages with spaces or commas between them. The engine says what is legal. */
function ReferencesField({ references, onChange }: ReferencesFieldProps) {
  const [typed, setTyped] = useState(references.join(' '));
  return (
    <label class="field wide-field">
      <span>{text.fields.references}</span>
      <input
        type="text"
        name="references"
        class="digits"
        value={typed}
        onInput={(event) => {
          const { value } = event.currentTarget;
          setTyped(value);
          const words = value.split(/[\s,;]+/).filter((word) => word !== '');
          onChange(words.map((word) => (/^\d+$/.test(word) ? Number(word) : word)));
        }}
      />
    </label>
  );
}
