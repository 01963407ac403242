// Shows in another's page what the scenario says to its reader, in a line or two: the note of the line under way, and
// before there is any the text about the whole.

import { scenario } from '../store/run/open-machine.ts';
import { note } from '../store/visit/lesson.ts';
import { text } from '../text/text.ts';
import './LessonInShort.css';

export function LessonInShort() {
  const { about } = scenario.value;
  const now = note.value;
  const hasNotes = (scenario.value.script ?? []).some((op) => op.note !== undefined);
  if (!about && !hasNotes) return null;
  return (
    <details class="lesson-short" data-lesson="short">
      <summary>
        <span aria-live="polite">
          {now === undefined ? (
            (about ?? text.lesson.title)
          ) : (
            <>
              <strong>{text.lesson.line(now.line)}</strong> {now.text}
            </>
          )}
        </span>
      </summary>
      {about && <p>{about}</p>}
    </details>
  );
}
