// Asks what a file is that was not recognised as a trace: its format, and the columns of csv; then it is read again.

import { useSignal } from '@preact/signals';
import type { TraceFormat } from '../engine/trace-messages.ts';
import { openAs, stopReading } from '../store/visit/traces.ts';
import { text } from '../text/text.ts';

const words = text.traces.formats;

const COLUMNS = ['object', 'address', 'write'] as const;

interface FormatFormProps {
  readonly file: File;
  /** What was said before. */
  readonly format: TraceFormat;
}

export function FormatForm({ file, format: said }: FormatFormProps) {
  const usual = said.format ?? (/\.(csv|tsv)(\.|$)/i.test(file.name) ? 'csv' : 'plain');
  const format = useSignal(usual);
  const columns = useSignal<Readonly<Record<string, string>>>({ ...said });
  const submit = (event: Event) => {
    event.preventDefault();
    const isCsv = format.value === 'csv';
    const named = COLUMNS.flatMap((name) => {
      const column = columns.value[name]?.trim() ?? '';
      return isCsv && column !== '' ? [[name, column]] : [];
    });
    void openAs({ format: format.value, ...Object.fromEntries(named) });
  };
  return (
    <form class="format-form" onSubmit={submit}>
      <label class="field">
        <span>{words.label}</span>
        <select
          name="format"
          value={format.value}
          onChange={({ currentTarget }) => {
            format.value = currentTarget.value;
          }}
        >
          {Object.entries(words.names).map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {format.value === 'csv' &&
        COLUMNS.map((name) => (
          <label key={name} class="field">
            <span>{words.columns[name]}</span>
            <input
              name={`column-${name}`}
              value={columns.value[name] ?? ''}
              placeholder={words.usual}
              autocomplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => {
                columns.value = { ...columns.value, [name]: currentTarget.value };
              }}
            />
          </label>
        ))}
      <div class="notice-actions">
        <button type="submit" class="button primary" data-format-read>
          {words.read}
        </button>
        <button type="button" class="button" data-dismiss onClick={stopReading}>
          {text.errors.dismiss}
        </button>
      </div>
    </form>
  );
}
