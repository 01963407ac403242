import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { text } from '../text/text.ts';
import './Dialog.css';

interface DialogProps {
  readonly name: string;
  readonly title: string;
  readonly note?: string;
  readonly wide?: boolean;
  /** Without its head: the title is its accessible name alone. */
  readonly bare?: boolean;
  /** Called when it has been closed, however that was done. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Shows the browser's own modal dialog, so that Escape, focus and the rest of the page behave. */
export function Dialog({
  name,
  title,
  note,
  wide = false,
  bare = false,
  onClose,
  children,
}: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    element.current?.showModal();
    // The close button comes first in the document, but nobody opens a dialog for it.
    const first = element.current?.querySelector('textarea, input, select, .preset');
    if (first instanceof HTMLElement) first.focus();
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog${wide ? ' wide' : ''}${bare ? ' bare' : ''}`}
      aria-labelledby={bare ? undefined : `dialog-${name}`}
      aria-label={bare ? title : undefined}
      data-dialog={name}
      onClose={() => {
        // One that is gone by now has made room for another.
        if (element.current !== null) onClose();
      }}
      onPointerDown={(event) => {
        // On the backdrop the target is the dialog itself, outside its box.
        const bounds = element.current?.getBoundingClientRect();
        if (event.target !== element.current || bounds === undefined) return;
        const { clientX: x, clientY: y } = event;
        if (x < bounds.left || x > bounds.right || y < bounds.top || y > bounds.bottom) {
          element.current?.close();
        }
      }}
    >
      {!bare && (
        <header class="dialog-head">
          <h2 id={`dialog-${name}`}>{title}</h2>
          <button
            type="button"
            class="button icon"
            aria-label={text.dialogs.close}
            onClick={() => element.current?.close()}
          >
            ×
          </button>
        </header>
      )}
      {note !== undefined && <p class="dialog-note">{note}</p>}
      {children}
    </dialog>
  );
}
