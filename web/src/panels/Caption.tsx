// Shows over the slider what the story of the first visit says where the playhead is, and hands the slider over at its
// end.

import { useEffect } from 'preact/hooks';
import { runtimeKind } from '../store/run/open-machine.ts';
import { facts, telling } from '../store/visit/story.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import './Caption.css';

export function Caption() {
  const now = facts.value;
  const isTold = telling.value === 'told';
  useEffect(() => {
    // The slider is handed over to the keyboard too.
    if (isTold) document.querySelector<HTMLElement>('.scrub input')?.focus({ preventScroll: true });
  }, [isTold]);
  if (now === undefined || runtimeKind.value !== 'virtual') return null;
  return (
    <div class="story" data-story={telling.value ?? 'open'}>
      <p class="story-sentence" aria-live="polite">
        {text.story.sentence(now)}
      </p>
      {isTold && (
        <p class="story-hint" role="status">
          {text.story.hint}
        </p>
      )}
      {telling.value !== 'playing' && (
        <CommandButton command="story" className="quiet" showKey={false}>
          {text.story.again}
        </CommandButton>
      )}
    </div>
  );
}
