import type { ComponentChildren } from 'preact';
import { closeDialog } from '../store/page/open-dialog.ts';
import { text } from '../text/text.ts';

interface DialogFootProps {
  /** What the form is submitted by. */
  readonly submit: string;
  /** What else can be done, before the way out. */
  readonly children?: ComponentChildren;
}

/** The foot of a dialog that is a form: out of it without, or with, what was asked for. */
export function DialogFoot({ submit, children }: DialogFootProps) {
  return (
    <footer class="dialog-foot">
      {children}
      <span class="spring" />
      <button type="button" class="button" onClick={closeDialog}>
        {text.dialogs.cancel}
      </button>
      <button type="submit" class="button primary">
        {submit}
      </button>
    </footer>
  );
}
