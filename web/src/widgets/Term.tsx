// Shows a word whose meaning opens beside it: by click, touch or key. Escape, or a click elsewhere, closes it.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { TermName } from '../text/glossary.ts';
import { text } from '../text/text.ts';
import './Term.css';

interface TermProps {
  /** The term of the glossary. */
  readonly of?: TermName;
  /** What it means, where that is said elsewhere; the glossary's meaning comes after it. */
  readonly says?: string;
  /** Whether Tab comes to it. Of terms within one `data-terms` one is enough: arrows lead to the others. */
  readonly isStop?: boolean;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** Pixels between the word and its meaning, and between that and the window's edge. */
const GAP = 4;
const STEPS: Readonly<Record<string, 1 | -1>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

export function Term({ of, says, isStop = true, className = '', children }: TermProps) {
  const isOpen = useSignal(false);
  const word = useRef<HTMLButtonElement>(null);
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    const group = word.current?.closest('[data-terms]');
    if (step === undefined || !group || word.current === null) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...group.querySelectorAll<HTMLButtonElement>('.term')];
    all[(all.indexOf(word.current) + step + all.length) % all.length]?.focus();
  };
  return (
    <>
      <button
        ref={word}
        type="button"
        class={`term ${className}`}
        tabIndex={isStop ? 0 : -1}
        aria-expanded={isOpen.value}
        aria-describedby={isOpen.value ? id : undefined}
        data-term={of}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
        onKeyDown={onKeyDown}
      >
        {children}
      </button>
      {isOpen.value && (
        <Meaning
          id={id}
          of={of}
          says={says}
          beside={word.current}
          onClose={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}

interface MeaningProps {
  readonly id: string;
  readonly of: TermName | undefined;
  readonly says: string | undefined;
  readonly beside: HTMLElement | null;
  readonly onClose: () => void;
}

function Meaning({ id, of, says, beside, onClose }: MeaningProps) {
  const element = useRef<HTMLSpanElement>(null);
  const [name, meaning] = of === undefined ? [undefined, undefined] : text.glossary.terms[of];
  useLayoutEffect(() => {
    const shown = element.current;
    if (shown === null || beside === null) return;
    // In the top layer, over panels that scroll and dialogs that are modal.
    shown.showPopover?.();
    const { left, bottom, top } = beside.getBoundingClientRect();
    const { width, height } = shown.getBoundingClientRect();
    const below = bottom + GAP + height <= innerHeight;
    shown.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
    shown.style.top = `${below ? bottom + GAP : Math.max(GAP, top - GAP - height)}px`;
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') onClose();
    };
    shown.addEventListener('toggle', onToggle);
    return () => shown.removeEventListener('toggle', onToggle);
  }, []);
  return (
    <span ref={element} id={id} popover="auto" role="note" class="meaning">
      {name !== undefined && says === undefined && <b>{name}</b>}
      {says !== undefined && <span>{says}. </span>}
      {meaning}
    </span>
  );
}
