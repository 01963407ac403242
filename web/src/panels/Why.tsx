// Answers why a page or a frame is where it is, in the engine's own sentences: the latest that decided it first, each
// with its reason and a link to its event, and the whole history behind them. It is asked for when it is opened.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { HistorySubject } from '../engine/messages.ts';
import type { Line } from '../generated/types.d.ts';
import { observed } from '../store/machine/observation.ts';
import { whyAsked, whyOpen } from '../store/page/why.ts';
import { runtimeKind, why } from '../store/run/open-machine.ts';
import { goTo } from '../store/run/transport.ts';
import { text } from '../text/text.ts';
import './Why.css';

/** The sentences that answer the question. */
const MOST_DECISIVE = 3;
/** The latest sentences of the whole history that are shown. */
const MOST = 40;
/** How long the machine has to be still before it is asked. */
const STILL_MS = 150;

export function Why({ subject }: { subject: HistorySubject }) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const box = useRef<HTMLDetailsElement>(null);
  const isOpen = whyOpen.value;
  const version = observed.version.value;
  const asked = JSON.stringify(subject);
  const request = whyAsked.value;
  useEffect(() => {
    if (!isOpen) return undefined;
    let isCurrent = true;
    const later = setTimeout(() => {
      why(JSON.parse(asked)).then(
        (told) => isCurrent && setLines(told),
        () => isCurrent && setLines([]),
      );
    }, STILL_MS);
    return () => {
      isCurrent = false;
      clearTimeout(later);
    };
  }, [isOpen, asked, version]);
  // When it is asked for, and once more when there is something to see.
  useEffect(() => {
    if (isOpen && request > 0) box.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, request, lines.length > 0]);

  const newest = lines.toReversed();
  const decisive = newest.filter((line) => line.decisive).slice(0, MOST_DECISIVE);
  return (
    <details
      ref={box}
      class="why"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open && !whyOpen.peek()) whyAsked.value++;
        whyOpen.value = currentTarget.open;
      }}
    >
      <summary>{text.inspector.why}</summary>
      {decisive.length > 0 ? (
        <ol class="why-decisive" aria-label={text.inspector.why}>
          {decisive.map((line) => (
            <Sentence key={line.event} line={line} />
          ))}
        </ol>
      ) : (
        lines.length > 0 && <p class="hint">{text.inspector.whyNothing}</p>
      )}
      {lines.length > 0 && (
        <details class="why-all">
          <summary>{text.inspector.whyAll(Math.min(MOST, lines.length), lines.length)}</summary>
          <ol aria-label={text.inspector.whyHistory}>
            {newest.slice(0, MOST).map((line) => (
              <Sentence key={`${line.event} ${line.text}`} line={line} />
            ))}
          </ol>
        </details>
      )}
    </details>
  );
}

function Sentence({ line: { event, time_ns, text: sentence, reason } }: { line: Line }) {
  const time = text.duration(time_ns);
  return (
    <li data-event={event}>
      {runtimeKind.value === 'virtual' && event > 0 ? (
        <button
          type="button"
          class="link digits"
          title={text.inspector.whyGoTo(event)}
          onClick={() => void goTo({ events: event })}
        >
          {time}
        </button>
      ) : (
        event > 0 && <span class="digits">{time}</span>
      )}{' '}
      <span>
        {sentence}
        {reason != null && <span class="why-reason"> {text.inspector.whyReason(reason)}</span>}
      </span>
    </li>
  );
}
