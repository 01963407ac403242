// Edits a line of the script as a phrase, where it stands.

import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Op } from '../generated/types.d.ts';
import { scenario } from '../store/run/open-machine.ts';
import { revise } from '../store/run/session.ts';
import { scriptOf, textOf, withChangedLine, withWordsOf } from '../store/script/document.ts';
import { PhraseProblem, phraseOf, readPhrase } from '../store/script/phrase.ts';
import { editedLine, phraseDefaults } from '../store/visit/commands.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import './LineEdit.css';

/** The one op that a phrase says; a sentence if it says none, or several. */
function read(phrase: string): Op | string {
  try {
    const [op, another] = readPhrase(phrase, phraseDefaults());
    return op === undefined || another !== undefined ? text.script.oneLine : op;
  } catch (error) {
    if (!(error instanceof PhraseProblem)) throw error;
    return text.palette.problem(error.found, error.legal);
  }
}

export function LineEdit({ op, at }: { readonly op: Op; readonly at: number }) {
  const typed = useSignal(phraseOf(op));
  const refused = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.select(), []);
  const meant = read(typed.value);
  const problem = typeof meant === 'string' ? meant : refused.value;

  const close = () => {
    editedLine.value = undefined;
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (typeof meant === 'string') return;
    if (phraseOf(meant) === phraseOf(op)) return close();
    const alone = textOf({ ...scenario.value, script: [withWordsOf(op, meant)] });
    const isFine = await mayRun(alone, ({ legal, message }) => {
      refused.value = text.palette.refused(legal, message);
    });
    if (!isFine) return;
    close();
    // The script may have changed meanwhile: only the line that was edited is replaced.
    void revise((now) =>
      scriptOf(now)[at] === op ? withChangedLine(now, at, withWordsOf(op, meant)) : undefined,
    );
  };
  return (
    <form class="line-edit" onSubmit={submit}>
      <input
        ref={field}
        name="line"
        type="text"
        autocomplete="off"
        spellcheck={false}
        aria-label={text.script.edit(at)}
        aria-invalid={problem !== ''}
        aria-describedby="line-problem"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
          refused.value = '';
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          close();
        }}
        onBlur={close}
      />
      <p id="line-problem" role="status">
        {problem || text.phrases[op.op]}
      </p>
    </form>
  );
}
