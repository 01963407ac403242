// Says what went wrong, and offers what can be done about it.

import { hindrance } from '../engine/sharing.ts';
import { cannotKeep } from '../store/library/drafts.ts';
import { observed } from '../store/machine/observation.ts';
import { newBuild, openNewBuild } from '../store/page/hosting.ts';
import { dialog, openDialog } from '../store/page/open-dialog.ts';
import { embedded } from '../store/page/shown-panels.ts';
import { awaitedBuild } from '../store/run/awaited-build.ts';
import { breakdownReport, isPanic, isUnbuilt, lineOf } from '../store/run/crash-report.ts';
import { problem, runtimeKind, scenario, status } from '../store/run/open-machine.ts';
import { restart } from '../store/run/session.ts';
import { stalled } from '../store/run/stall.ts';
import { phraseOf } from '../store/script/phrase.ts';
import { factsOf } from '../store/script/problem-facts.ts';
import {
  brokenLink,
  forgetRefusals,
  openEmpty,
  openFirstPreset,
  unread,
} from '../store/visit/links.ts';
import { saveScenario } from '../store/visit/saved-files.ts';
import { missingTrace } from '../store/visit/traces.ts';
import { text } from '../text/text.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';
import { BugsNotice } from './BugsNotice.tsx';
import { CommandButton } from './CommandButton.tsx';
import { Lesson } from './Lesson.tsx';
import { StuckNotice } from './StuckNotice.tsx';
import { MissingTrace, TraceNotice } from './TraceNotice.tsx';
import './Notices.css';

export function Notices() {
  return (
    <>
      {hindrance !== undefined && !embedded && (
        <p class="notice" role="status" data-notice="not-shared" data-hindrance={hindrance}>
          {text.errors.notShared[hindrance]}
        </p>
      )}
      <BugsNotice />
      {!embedded && <Lesson />}
      <StuckNotice />
      <BuildNotice />
      {import.meta.env.DEV && <AwaitedNotice />}
      <StorageNotice />
      <StallNotice />
      <TraceNotice />
      <LinkNotice />
      <ProblemNotice />
      <FailureNotice />
    </>
  );
}

function AwaitedNotice() {
  if (awaitedBuild.value === undefined) return null;
  return (
    <p class="notice" role="status" data-notice="awaited">
      {text.awaited(awaitedBuild.value)}
    </p>
  );
}

function BuildNotice() {
  if (newBuild.value === undefined) return null;
  return (
    <p class="notice offer" role="status" data-notice="new-build">
      <span>{text.newBuild}</span>
      <button type="button" class="button" onClick={openNewBuild}>
        {text.openNewBuild}
      </button>
    </p>
  );
}

function StallNotice() {
  if (!stalled.value || status.value.kind !== 'busy') return null;
  return (
    <p class="notice offer" role="status" data-notice="stalled">
      <span>{text.errors.stalled}</span>
      <CommandButton command="stop" />
    </p>
  );
}

function StorageNotice() {
  if (!cannotKeep.value) return null;
  return (
    <p class="notice offer" role="status" data-notice="not-kept">
      <span>{text.errors.notKept}</span>
      <button type="button" class="button" onClick={saveScenario}>
        {text.dialogs.download}
      </button>
    </p>
  );
}

/** The text that cannot run opens in the editor, where it is wrong. */
function EditUnread() {
  if (unread.value === undefined || problem.value === undefined) return null;
  return (
    <button
      type="button"
      class="button"
      data-edit-unread
      onClick={() => {
        openDialog('edit');
      }}
    >
      {text.problem.edit}
    </button>
  );
}

function Ways() {
  return (
    <div class="notice-actions">
      <EditUnread />
      <button type="button" class="button primary" onClick={() => void openFirstPreset()}>
        {text.errors.openDefault}
      </button>
      <button type="button" class="button" onClick={() => void openEmpty()}>
        {text.errors.openEmpty}
      </button>
    </div>
  );
}

/** There is a machine to go back to. */
function Dismiss() {
  return (
    <div class="notice-actions">
      <EditUnread />
      <button type="button" class="button primary" onClick={forgetRefusals}>
        {text.errors.dismiss}
      </button>
    </div>
  );
}

function LinkNotice() {
  const broken = brokenLink.value;
  if (broken === undefined) return null;
  return (
    <div class="notice strong" role="alert" data-notice="broken-link" data-fault={broken.fault}>
      <h2>
        {broken.file === undefined
          ? text.errors.brokenTitle[broken.from]
          : text.problem.brokenTitle(broken.file)}
      </h2>
      <p>
        {text.errors.links[broken.fault](broken.detail)} {text.errors.linkNothingRan}
      </p>
      {observed.machine.value === undefined ? <Ways /> : <Dismiss />}
    </div>
  );
}

function ProblemNotice() {
  const found = problem.value;
  if (found === undefined || dialog.value === 'edit') return null;
  if (missingTrace.value !== undefined) return <MissingTrace />;
  const source = unread.value;
  return (
    <div class="notice strong" role="alert" data-notice="problem">
      <h2>{source?.file === undefined ? text.errors.title : text.problem.title(source.file)}</h2>
      <ProblemView facts={factsOf(found, source?.text)} />
      <p>{text.errors.linkNothingRan}</p>
      {observed.machine.value === undefined ? <Ways /> : <Dismiss />}
    </div>
  );
}

function FailureNotice() {
  const now = status.value;
  if (now.kind !== 'failed') return null;
  const op = lineOf(now, scenario.value);
  const report = breakdownReport(now, scenario.value, runtimeKind.value, navigator.userAgent);
  return (
    <div class="notice strong" role="alert" data-notice="failure">
      <h2>
        {isUnbuilt(now.message)
          ? text.errors.unbuiltTitle
          : text.errors.panicTitle(now.worker, isPanic(now.message))}
      </h2>
      <pre class="panic">{now.message}</pre>
      {op !== undefined && <p>{text.errors.panicLine(now.line + 1, phraseOf(op))}</p>}
      <p>{isUnbuilt(now.message) ? text.errors.unbuiltNote : text.errors.panicNote}</p>
      <div class="notice-actions">
        <button type="button" class="button primary" onClick={() => void restart(false)}>
          {text.errors.restart}
        </button>
        {op !== undefined && (
          <button type="button" class="button" onClick={() => void restart(true)}>
            {text.errors.restartWithout}
          </button>
        )}
        <CopyButton name="breakdown" words={() => report}>
          {text.errors.copyReport}
        </CopyButton>
      </div>
      <details>
        <summary>{text.errors.report}</summary>
        <pre class="panic" data-report>
          {report}
        </pre>
      </details>
    </div>
  );
}
