// Shows over the slider what the story of the first visit says where the playhead is, and at its end where to go next.

import { useEffect, useRef } from 'preact/hooks';
import { runtimeKind } from '../store/run/open-machine.ts';
import { facts, goOnTo, isOver, telling, trying } from '../store/visit/story.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import './Caption.css';

export function Caption() {
  const now = facts.value;
  const isTold = telling.value === 'told';
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Where to go next is a question to the keyboard too.
    if (isTold) first.current?.focus({ preventScroll: true });
  }, [isTold]);
  if (now === undefined || runtimeKind.value !== 'virtual') return null;
  return (
    <div class="story" data-story={telling.value ?? 'open'}>
      {!trying.value && (
        <p class="story-sentence" aria-live="polite">
          {text.story.sentence(now)}
        </p>
      )}
      {isOver.value && (
        <fieldset class="story-next" aria-label={text.story.nextTitle}>
          <button
            ref={first}
            type="button"
            class="button primary"
            data-next="try"
            onClick={() => goOnTo('try')}
          >
            {text.story.next.try}
          </button>
          <button type="button" class="button" data-next="guided" onClick={() => goOnTo('guided')}>
            {text.story.next.guided}
          </button>
          <button type="button" class="button" data-next="real" onClick={() => goOnTo('real')}>
            {text.story.next.real}
          </button>
        </fieldset>
      )}
      {trying.value && (
        <p class="story-hint" role="status">
          {text.story.tryHint}
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
