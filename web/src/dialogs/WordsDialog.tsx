// Edits what a scenario says to its reader: its title, its text, and the note and question of each line.

import { useSignal } from '@preact/signals';
import type { Problem } from '../generated/types.d.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { scenario } from '../store/run/open-machine.ts';
import { scriptOf, textOf } from '../store/script/document.ts';
import { type LineWords, withLineWords, wordsOf } from '../store/script/line-words.ts';
import { phraseOf } from '../store/script/phrase.ts';
import { factsOf } from '../store/script/problem-facts.ts';
import { withWords } from '../store/visit/lesson.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { DialogFoot } from '../widgets/DialogFoot.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';
import './WordsDialog.css';

/** Lines that get fields; a longer script is edited as text. */
const MOST_LINES = 200;

export function WordsDialog() {
  const from = useSignal(scenario.value).value;
  const script = scriptOf(from);
  const title = useSignal(from.title ?? '');
  const about = useSignal(from.about ?? '');
  const lines = useSignal<readonly LineWords[]>(script.map(wordsOf));
  const found = useSignal<Problem | undefined>(undefined);

  const submit = async (event: Event) => {
    event.preventDefault();
    found.value = undefined;
    const { title: _title, about: _about, ...rest } = from;
    const next = {
      ...rest,
      ...(title.value.trim() !== '' && { title: title.value.trim() }),
      ...(about.value.trim() !== '' && { about: about.value.trim() }),
      script: script.map((op, at) => withLineWords(op, lines.value[at] ?? wordsOf(op))),
    };
    const isFine = await mayRun(textOf(next), (problem) => {
      found.value = problem;
    });
    if (!isFine) return;
    closeDialog();
    // A script that has changed meanwhile keeps its words.
    void withWords((now) => (now === from ? next : now));
  };
  return (
    <Dialog
      onClose={closeDialog}
      name="words"
      title={text.lesson.words}
      note={text.lesson.wordsNote}
      wide={true}
    >
      <form class="dialog-form words" onSubmit={submit}>
        <div class="words-fields">
          <label class="field">
            <span>{text.lesson.titleField}</span>
            <input
              name="title"
              type="text"
              autocomplete="off"
              value={title.value}
              onInput={({ currentTarget }) => {
                title.value = currentTarget.value;
              }}
            />
          </label>
          <label class="field">
            <span>{text.lesson.about}</span>
            <textarea
              name="about"
              rows={4}
              value={about.value}
              onInput={({ currentTarget }) => {
                about.value = currentTarget.value;
              }}
            />
          </label>
          <ol class="words-lines">
            {script.slice(0, MOST_LINES).map((op, at) => (
              <LineFields
                key={at}
                at={at}
                phrase={phraseOf(op)}
                words={lines.value[at] ?? wordsOf(op)}
                onChange={(words) => {
                  lines.value = lines.value.with(at, words);
                }}
              />
            ))}
          </ol>
          {script.length > MOST_LINES && (
            <p class="hint">{text.lesson.moreLines(script.length - MOST_LINES)}</p>
          )}
        </div>
        {found.value !== undefined && (
          <div role="alert" data-notice="problem">
            <ProblemView facts={factsOf(found.value)} />
          </div>
        )}
        <DialogFoot onCancel={closeDialog} submit={text.lesson.save} />
      </form>
    </Dialog>
  );
}

interface LineFieldsProps {
  readonly at: number;
  readonly phrase: string;
  readonly words: LineWords;
  readonly onChange: (words: LineWords) => void;
}

function LineFields({ at, phrase, words, onChange }: LineFieldsProps) {
  const isAsked = words.ask !== '' || words.choices !== '';
  return (
    <li class="words-line" data-words={at}>
      <p class="words-phrase words-wide">
        <span class="digits">{at + 1}</span> {phrase}
      </p>
      <input
        type="text"
        autocomplete="off"
        placeholder={text.lesson.note}
        aria-label={text.lesson.noteOf(at)}
        value={words.note}
        onInput={({ currentTarget }) => onChange({ ...words, note: currentTarget.value })}
      />
      <input
        type="text"
        autocomplete="off"
        placeholder={text.lesson.ask}
        aria-label={text.lesson.askAt(at)}
        value={words.ask}
        onInput={({ currentTarget }) => onChange({ ...words, ask: currentTarget.value })}
      />
      {isAsked && (
        <textarea
          class="words-wide"
          rows={3}
          placeholder={text.lesson.choices}
          aria-label={text.lesson.choicesOf(at)}
          value={words.choices}
          onInput={({ currentTarget }) => onChange({ ...words, choices: currentTarget.value })}
        />
      )}
    </li>
  );
}
