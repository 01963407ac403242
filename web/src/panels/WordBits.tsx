// Shows a PTE word bit by bit: each field under its bits, and what changed since before the last line.

import { bitOf, fieldValue, hexadecimal, PTE_FIELDS, type WordField } from '../draw/bits.ts';
import { decodePte } from '../engine/words.ts';
import type { Word } from '../store/machine/grid-reader.ts';
import { text } from '../text/text.ts';
import './WordBits.css';

const FIELDS = PTE_FIELDS.filter(({ key }) => key !== 'reserved' && key !== 'unused').sort(
  (a, b) => b.bits - a.bits,
);

function shownValue(word: Word, field: WordField): string {
  if (field.key === 'format') return text.inspector.formats[decodePte(word.low, word.high).state];
  return String(fieldValue(word.low, word.high, field));
}

/** The 64 bits, highest first, in four rows of sixteen. */
function BitRow({ word, before, from }: { word: Word; before: Word | undefined; from: number }) {
  return (
    <div class="bit-row">
      <span class="bit-index">{from + 15}</span>
      {Array.from({ length: 16 }, (_, at) => {
        const bit = from + 15 - at;
        const now = bitOf(word.low, word.high, bit);
        const changed = before !== undefined && bitOf(before.low, before.high, bit) !== now;
        return (
          <span
            key={bit}
            class={`bit${now === 1 ? ' one' : ''}${changed ? ' changed' : ''}${bit % 4 === 0 ? ' nibble' : ''}`}
          >
            {now}
          </span>
        );
      })}
      <span class="bit-index end">{from}</span>
    </div>
  );
}

function Field({
  field,
  word,
  before,
}: {
  field: WordField;
  word: Word;
  before: Word | undefined;
}) {
  const [label, meaning] = text.inspector.fields[field.key] ?? ['', ''];
  const now = shownValue(word, field);
  const then = before === undefined ? now : shownValue(before, field);
  const kind = field.bits > 1 ? 'wide' : now === '1' ? 'one' : 'nil';
  return (
    <li class={`word-field ${kind}${now === then ? '' : ' changed'}`} title={meaning}>
      <span>{label}</span>
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
      <div class="bits" aria-hidden="true">
        {[48, 32, 16, 0].map((from) => (
          <BitRow key={from} word={word} before={then} from={from} />
        ))}
      </div>
      <ul class="word-fields">
        {FIELDS.map((field) => (
          <Field key={field.key} field={field} word={word} before={then} />
        ))}
      </ul>
    </div>
  );
}
