import type { ComponentChildren } from 'preact';
import { text } from '../text/text.ts';

interface DialogFootProps {
  /** What the form is submitted by. */
  readonly submit: string;
  readonly onCancel: () => void;
  /** What else can be done, before the way out. */
  readonly children?: ComponentChildren;
}

/** Ends a dialog that is a form: its buttons cancel it, or submit it. */
export function DialogFoot({ submit, onCancel, children }: DialogFootProps) {
  return (
    <footer class="dialog-foot">
      {children}
      <span class="spring" />
      <button type="button" class="button" onClick={onCancel}>
        {text.dialogs.cancel}
      </button>
      <button type="submit" class="button primary">
        {submit}
      </button>
    </footer>
  );
}
