// Shows in another's page what the scenario says to its reader, in a few lines: the latest note, before there is any the
// text about the whole, and the question that is asked.

import { scenario } from '../store/run/open-machine.ts';
import { asked, latestNote } from '../store/visit/lesson.ts';
import { text } from '../text/text.ts';
import { Questions } from './Lesson.tsx';
import './LessonInShort.css';

export function LessonInShort() {
  const { about } = scenario.value;
  const note = latestNote.value;
  const hasNotes = (scenario.value.script ?? []).some((op) => op.note !== undefined);
  if (!about && !hasNotes && asked.value === undefined) return null;
  return (
    <section class="lesson-short" aria-label={text.lesson.title} data-lesson="short">
      <details>
        <summary>
          <span aria-live="polite">
            {note === undefined ? (
              (about ?? text.lesson.title)
            ) : (
              <>
                <strong>{text.lesson.line(note.line)}</strong> {note.text}
              </>
            )}
          </span>
        </summary>
        {about && <p>{about}</p>}
      </details>
      {asked.value !== undefined && <Questions />}
    </section>
  );
}
