import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { text } from '../text/text.ts';
import { copyWords } from './clipboard.ts';

interface CopyButtonProps {
  readonly name: string;
  readonly words: () => string;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** Copies words, and says whether it could. */
export function CopyButton({ name, words, className = '', children }: CopyButtonProps) {
  const state = useSignal<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    state.value = (await copyWords(words())) ? 'copied' : 'failed';
  };
  return (
    <button
      type="button"
      class={`button ${className}`}
      data-share={name}
      data-copied={state.value}
      onClick={() => void copy()}
    >
      {state.value === 'copied'
        ? text.dialogs.copied
        : state.value === 'failed'
          ? text.errors.share
          : children}
    </button>
  );
}
