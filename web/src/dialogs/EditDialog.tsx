import { useSignal } from '@preact/signals';
import type { Problem, Scenario } from '../generated/types.d.ts';
import { keepDraft } from '../store/library/drafts.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { scenario } from '../store/run/open-machine.ts';
import { load } from '../store/run/session.ts';
import { prettyTextOf } from '../store/script/document.ts';
import { mayRun } from '../store/visit/links.ts';
import { saveText } from '../store/visit/saved-files.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { DialogFoot } from '../widgets/DialogFoot.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';

/** The whole document as text. It is checked before anything of it runs. */
export function EditDialog() {
  const draft = useSignal(prettyTextOf(scenario.value));
  const found = useSignal<Problem | undefined>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    found.value = undefined;
    const isFine = await mayRun(draft.value, (problem) => {
      found.value = problem;
    });
    if (!isFine) return;
    closeDialog();
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
            <ProblemView problem={found.value} />
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
