// Shows a PTE word as one row of fields drawn to scale, each field again with its name, and what changed since before
// the last line.

import { type Signal, useSignal } from '@preact/signals';
import { fieldValue, hexadecimal, PTE_FIELDS, type WordField } from '../draw/bits.ts';
import { decodePte } from '../engine/words.ts';
import type { Word } from '../store/machine/grid-reader.ts';
import type { TermName } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import './WordBits.css';

const FIELDS = PTE_FIELDS.filter(({ key }) => key !== 'reserved' && key !== 'unused').sort(
  (a, b) => b.from - a.from,
);

function shownValue(word: Word, field: WordField): string {
  if (field.key === 'format') return text.inspector.formats[decodePte(word.low, word.high).state];
  return String(fieldValue(word.low, word.high, field));
}

/** All 64 bits, highest first. */
const PARTS = [...PTE_FIELDS].sort((a, b) => b.from - a.from);
/** Fields so wide have room for their value, and for the number of their lowest bit. */
const WIDE = 16;

const isChanged = (word: Word, before: Word | undefined, field: WordField) =>
  before !== undefined &&
  fieldValue(word.low, word.high, field) !== fieldValue(before.low, before.high, field);

interface PartsProps {
  readonly word: Word;
  readonly before: Word | undefined;
  /** The field that is pointed at, here or in the list. */
  readonly pointed: Signal<string>;
}

/** The word in one row, each field as wide as it has bits. */
function Parts({ word, before, pointed }: PartsProps) {
  return (
    <div class="word-row" aria-hidden="true">
      {PARTS.map((field) => {
        const { key, from, bits } = field;
        const value = fieldValue(word.low, word.high, field);
        const isNamed = FIELDS.includes(field);
        const [label] = text.inspector.fields[key] ?? [''];
        const states = [
          value !== 0 && isNamed ? 'one' : '',
          isNamed ? '' : 'unused',
          isChanged(word, before, field) ? 'changed' : '',
          pointed.value === key ? 'pointed' : '',
        ];
        return (
          <span
            key={key}
            class={`word-part ${states.filter((state) => state !== '').join(' ')}`}
            style={{ flexGrow: bits }}
            title={isNamed ? text.inspector.bits(label, from, bits) : undefined}
            onPointerEnter={() => {
              pointed.value = key;
            }}
            onPointerLeave={() => {
              pointed.value = '';
            }}
          >
            {isNamed && bits >= WIDE && <b class="digits">{value}</b>}
            {(bits >= WIDE || from === 0) && <i class="digits">{from}</i>}
          </span>
        );
      })}
    </div>
  );
}

/** Fields that are terms of the glossary; the others are explained by their meaning alone. */
const TERMS: Readonly<Record<string, TermName>> = {
  accessed: 'accessed',
  dirty: 'dirty',
  inTransit: 'fault-in-progress',
};

type FieldProps = PartsProps & { readonly field: WordField; readonly isFirst: boolean };

function Field({ field, word, before, pointed, isFirst }: FieldProps) {
  const [label, meaning] = text.inspector.fields[field.key] ?? ['', ''];
  const now = shownValue(word, field);
  const then = before === undefined ? now : shownValue(before, field);
  const kind = field.bits > 1 ? 'wide' : now === '1' ? 'one' : 'nil';
  return (
    <li
      class={`word-field ${kind}${now === then ? '' : ' changed'}${pointed.value === field.key ? ' pointed' : ''}`}
      onPointerEnter={() => {
        pointed.value = field.key;
      }}
      onPointerLeave={() => {
        pointed.value = '';
      }}
    >
      <Term of={TERMS[field.key] ?? 'pte'} says={meaning} isStop={isFirst}>
        {label}
      </Term>
      <span class="digits">
        {now !== then && <span class="then">{then} → </span>}
        {now}
      </span>
    </li>
  );
}

export function WordBits({ word, before }: { word: Word; before: Word | undefined }) {
  const changed = before !== undefined && (before.low !== word.low || before.high !== word.high);
  const then = changed ? before : undefined;
  const pointed = useSignal('');
  return (
    <div class="word">
      <div class="hex digits">
        {then !== undefined && (
          <span class="then">
            {hexadecimal(then.low, then.high)} <span class="tag">{text.inspector.before}</span>
          </span>
        )}
        <span>
          {hexadecimal(word.low, word.high)} <span class="tag">{text.inspector.now}</span>
        </span>
      </div>
      <Parts word={word} before={then} pointed={pointed} />
      <ul class="word-fields" data-terms>
        {FIELDS.map((field, at) => (
          <Field
            key={field.key}
            field={field}
            word={word}
            before={then}
            pointed={pointed}
            isFirst={at === 0}
          />
        ))}
      </ul>
    </div>
  );
}
