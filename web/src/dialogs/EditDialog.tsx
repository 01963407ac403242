import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Problem, Scenario } from '../generated/types.d.ts';
import { keepDraft } from '../store/library/drafts.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { problem, scenario } from '../store/run/open-machine.ts';
import { load } from '../store/run/session.ts';
import { prettyTextOf } from '../store/script/document.ts';
import type { Span } from '../store/script/json-place.ts';
import { factsOf, spanOf } from '../store/script/problem-facts.ts';
import { leaveVisit, mayRun, unread } from '../store/visit/links.ts';
import { saveText } from '../store/visit/saved-files.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { DialogFoot } from '../widgets/DialogFoot.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';

/** Selects a part of the text and scrolls it into view. */
function select(area: HTMLTextAreaElement, { from, to }: Span): void {
  area.focus();
  area.setSelectionRange(from, to);
  const before = area.value.slice(0, from).split('\n').length - 1;
  const lines = Math.max(1, area.value.split('\n').length);
  area.scrollTop = (before / lines) * area.scrollHeight - area.clientHeight / 2;
}

/** The whole document as text. It is checked before anything of it runs. */
export function EditDialog() {
  // A text that could not be opened is what is to be edited, at the place where it is wrong.
  const draft = useSignal(unread.peek()?.text ?? prettyTextOf(scenario.value));
  const found = useSignal<Problem | undefined>(
    unread.peek() === undefined ? undefined : problem.peek(),
  );
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (found.value !== undefined && area.current !== null) {
      select(area.current, spanOf(found.value, area.current.value));
    }
  }, [found.value]);
  const submit = async (event: Event) => {
    event.preventDefault();
    found.value = undefined;
    const isFine = await mayRun(draft.value, (problem) => {
      found.value = problem;
    });
    if (!isFine) return;
    closeDialog();
    if (unread.value !== undefined) leaveVisit();
    unread.value = undefined;
    problem.value = undefined;
    const next = JSON.parse(draft.value) as Scenario;
    keepDraft(next);
    await load(next);
  };
  return (
    <Dialog
      onClose={closeDialog}
      name="edit"
      title={text.dialogs.editTitle}
      note={text.dialogs.editNote}
      wide={true}
    >
      <form class="dialog-form" onSubmit={submit}>
        <textarea
          ref={area}
          name="scenario"
          aria-label={text.dialogs.editLabel}
          spellcheck={false}
          rows={22}
          value={draft.value}
          aria-invalid={found.value !== undefined}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.currentTarget.form?.requestSubmit();
            }
          }}
        />
        {found.value !== undefined && (
          <div role="alert" data-notice="problem">
            <ProblemView facts={factsOf(found.value, draft.value)} />
          </div>
        )}
        <DialogFoot onCancel={closeDialog} submit={text.dialogs.apply}>
          <button type="button" class="button quiet" onClick={() => saveText(draft.value)}>
            {text.dialogs.download}
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
