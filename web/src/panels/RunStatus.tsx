// Shows how the run stands: the machine's status, how many actions wait for their turn, and how many lines have failed.

import { fold } from '../store/page/shown-panels.ts';
import { completion } from '../store/run/completion.ts';
import { failedLines } from '../store/run/failed-lines.ts';
import { status } from '../store/run/open-machine.ts';
import { stopping, waiting } from '../store/run/session.ts';
import { text } from '../text/text.ts';
import './RunStatus.css';

export function RunStatus() {
  const { kind } = status.value;
  return (
    <>
      <FailedLines />
      <span class={`status ${kind}`} role="status" data-status={kind}>
        {stopping.value ? text.stopping : text.status[kind]}
        <Share />
        {waiting.value > 0 && (
          <span data-waiting={waiting.value}>{text.run.waiting(waiting.value)}</span>
        )}
      </span>
    </>
  );
}

/** How much of a run to a line is done, while it is under way. */
function Share() {
  const share = completion.value;
  if (share === undefined || status.value.kind !== 'busy') return null;
  return (
    <span class="digits" aria-hidden="true" data-completion>
      {` ${text.percent(share)}`}
    </span>
  );
}

/** Shows the failed lines one after the other: the next one is scrolled to and has the focus. */
function FailedLines() {
  const failed = failedLines.value;
  if (failed.length === 0) return null;
  const showNext = () => {
    fold('script', false);
    requestAnimationFrame(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('.line.failed .line-go')];
      const at = rows.indexOf(document.activeElement as HTMLElement);
      rows[(at + 1) % rows.length]?.focus();
    });
  };
  return (
    <button type="button" class="failed-lines" data-failed={failed.length} onClick={showNext}>
      {text.run.failed(failed.length)} · <u>{text.run.showFailed}</u>
    </button>
  );
}
