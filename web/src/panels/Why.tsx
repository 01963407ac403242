// Tells the history of a page or a frame in the engine's own sentences, which are asked for when it is opened.

import { useEffect, useState } from 'preact/hooks';
import type { HistorySubject } from '../engine/messages.ts';
import type { Line } from '../generated/types.d.ts';
import { observed } from '../store/machine/observation.ts';
import { why } from '../store/run/open-machine.ts';
import { text } from '../text/text.ts';
import './Why.css';

/** The latest sentences that are shown. */
const MOST = 40;

export function Why({ subject }: { subject: HistorySubject }) {
  const [isOpen, setOpen] = useState(false);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const version = observed.version.value;
  const asked = JSON.stringify(subject);
  useEffect(() => {
    if (!isOpen) return undefined;
    let isCurrent = true;
    // Not for each of many changes: when the machine has been still for a moment.
    const later = setTimeout(() => {
      why(JSON.parse(asked)).then(
        (told) => isCurrent && setLines(told),
        () => isCurrent && setLines([]),
      );
    }, 150);
    return () => {
      isCurrent = false;
      clearTimeout(later);
    };
  }, [isOpen, asked, version]);
  return (
    <details class="why" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{text.inspector.why}</summary>
      <ol aria-label={text.inspector.why}>
        {lines.slice(-MOST).map(({ event, text: sentence }) => (
          <li key={`${event} ${sentence}`}>{sentence}</li>
        ))}
      </ol>
    </details>
  );
}
