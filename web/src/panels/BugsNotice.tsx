// Names the deliberate bugs that are on, and lists what the audits of the run have found.

import { findingsIn, showFinding } from '../store/machine/findings.ts';
import { scenario } from '../store/run/open-machine.ts';
import { records } from '../store/run/playhead.ts';
import { text } from '../text/text.ts';
import { Findings } from '../widgets/Findings.tsx';

export function BugsNotice() {
  const bugs = scenario.value.machine?.bugs ?? [];
  const findings = findingsIn(records.value.flatMap(({ outcome }) => outcome.failures ?? []));
  if (bugs.length === 0 && findings.length === 0) return null;
  return (
    <div class="notice" role="status" data-notice="bugs">
      {bugs.length > 0 && (
        <p>
          <b>{text.bugs.on(bugs)}</b> {text.bugs.narration}
        </p>
      )}
      {findings.length > 0 && (
        <>
          <p>{text.bugs.findings(findings.length)}</p>
          <Findings findings={findings} onShow={showFinding} />
        </>
      )}
    </div>
  );
}
