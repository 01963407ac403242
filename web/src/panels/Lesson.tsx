// Shows above the panels what the scenario says to its reader, asks its questions and offers its variants.

import { useSignal } from '@preact/signals';
import { isTooLowForLessons } from '../store/page/room.ts';
import { scenario, usable } from '../store/run/open-machine.ts';
import { scriptOf } from '../store/script/document.ts';
import { machineOptions } from '../store/script/options.ts';
import {
  type Asked,
  answer,
  asked,
  begin,
  compareVariant,
  goOn,
  isDone,
  note,
  original,
  outcomeOf,
  rightAnswer,
  tryVariant,
  type Variant,
  variants,
} from '../store/visit/lesson.ts';
import { telling } from '../store/visit/story.ts';
import { text } from '../text/text.ts';
import './Lesson.css';

export function Lesson() {
  const { about, machine } = scenario.value;
  const script = scriptOf(scenario.value);
  const hasNotes = script.some((op) => op.note !== undefined);
  if (!about && !hasNotes && asked.value === undefined && !isDone.value) return null;
  // The story speaks for itself until it is over.
  if (telling.value !== undefined) return null;
  const title = machine?.bugs?.length ? text.lesson.bugTitle : text.lesson.title;
  return (
    <section aria-label={title}>
      <details class="notice lesson" data-lesson open>
        <summary>{title}</summary>
        <div class="lesson-parts">
          {about && <About about={about} />}
          <Note />
          {(asked.value !== undefined || isDone.value) && <Questions />}
          <Variants />
        </div>
      </details>
    </section>
  );
}

/** The text. In a low window it scrolls, and so can be reached by keys. */
function About({ about }: { readonly about: string }) {
  return (
    <p class="lesson-about" tabIndex={isTooLowForLessons.value ? 0 : undefined}>
      {about}
    </p>
  );
}

/** The note of the line under way. Its place stays while lines without notes pass. */
function Note() {
  const now = note.value;
  if (scriptOf(scenario.value).every((op) => op.note === undefined)) return null;
  return (
    <p class="lesson-note" aria-live="polite">
      {now !== undefined && (
        <>
          <strong>{text.lesson.line(now.line)}</strong> {now.text}
        </>
      )}
    </p>
  );
}

export function Questions() {
  const now = asked.value;
  if (now === undefined) {
    return (
      <div class="lesson-question" data-question="done">
        <p>{text.lesson.done}</p>
        <button type="button" class="button" onClick={() => void begin(scenario.value)}>
          {text.lesson.again}
        </button>
      </div>
    );
  }
  const { number, count, question, answer: given } = now;
  return (
    <div class="lesson-question" data-question={given === undefined ? 'open' : 'answered'}>
      <p>
        <strong>{text.lesson.question(number, count)}</strong> {question.ask}
      </p>
      {given === undefined ? <Fields key={question.ask} now={now} /> : <Verdict now={now} />}
    </div>
  );
}

function Fields({ now }: { readonly now: Asked }) {
  const typed = useSignal('');
  const { choices } = now.question;
  const isNumber = /^\d+$/.test(typed.value.trim());
  const tellMe = (
    <button
      type="button"
      class="button quiet"
      disabled={!usable.value}
      data-answer="show"
      onClick={() => void answer(now, undefined)}
    >
      {text.lesson.tellMe}
    </button>
  );
  if (choices !== undefined) {
    return (
      <div class="lesson-answers">
        {choices.map((choice, index) => (
          <button
            key={choice}
            type="button"
            class="button"
            disabled={!usable.value}
            data-answer={index}
            onClick={() => void answer(now, index)}
          >
            {choice}
          </button>
        ))}
        {tellMe}
      </div>
    );
  }
  return (
    <form
      class="lesson-answers"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber && usable.value) void answer(now, Number(typed.value));
      }}
    >
      <input
        type="text"
        inputMode="numeric"
        autocomplete="off"
        aria-label={text.lesson.number}
        aria-invalid={typed.value !== '' && !isNumber}
        value={typed.value}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
        }}
      />
      <button type="submit" class="button" disabled={!isNumber || !usable.value}>
        {text.lesson.check}
      </button>
      {tellMe}
    </form>
  );
}

function Verdict({ now }: { readonly now: Asked }) {
  const { question, answer: said, line, number, count } = now;
  const worded = (value: number | undefined) =>
    value === undefined ? '' : (question.choices?.[value] ?? text.number(value));
  const outcome = outcomeOf(now);
  const right = rightAnswer(now);
  const given = said?.given;
  const isRight = given === undefined ? undefined : given === right;
  return (
    <div class="lesson-answers" role="status">
      {outcome === undefined ? (
        <p>{text.lesson.running(line)}</p>
      ) : (
        <p data-verdict={isRight === undefined ? 'told' : isRight ? 'right' : 'wrong'}>
          {given !== undefined && !isRight && `${text.lesson.said(worded(given))} `}
          <strong>{text.lesson.verdict(isRight, worded(right))}</strong>
          {!outcome && ` ${text.lesson.otherwise(line)}`}
        </p>
      )}
      {number < count && (
        <button type="button" class="button" data-answer="next" onClick={goOn}>
          {text.lesson.next}
        </button>
      )}
    </div>
  );
}

function Variants() {
  const all = variants.value;
  if (all.length === 0) return null;
  const before = original.value;
  return (
    <fieldset class="lesson-variants" aria-label={text.lesson.variants}>
      {all.map((variant) => (
        <VariantButtons key={variant.index} variant={variant} />
      ))}
      {before !== undefined && (
        <button type="button" class="button" data-variant="" onClick={() => void begin(before)}>
          {text.lesson.original}
        </button>
      )}
    </fieldset>
  );
}

/** A change of an option, in words. */
function changeOf({ pointer, value }: Variant['changes'][number]): string {
  const option = machineOptions.find((each) => each.pointer === pointer)?.name ?? pointer;
  const name = text.machine.options[option]?.[0] ?? option;
  return text.lesson.change(option, name, value, text.machine.choice(value));
}

function VariantButtons({ variant }: { readonly variant: Variant }) {
  const { changes, index, isTried } = variant;
  const label = text.lesson.variant(changes.map(changeOf));
  return (
    <span class="joined">
      <button
        type="button"
        class="button"
        aria-pressed={isTried}
        data-variant={index}
        onClick={() => void tryVariant(variant)}
      >
        {label}
      </button>
      <button
        type="button"
        class="button"
        aria-label={text.lesson.compareWith(label)}
        data-variant-compare={index}
        onClick={() => void compareVariant(variant)}
      >
        {text.lesson.compare}
      </button>
    </span>
  );
}
