import { useSignal } from '@preact/signals';
import { overridden } from '../engine/client.ts';
import type { Problem, Report, Scenario } from '../generated/types.d.ts';
import { keepDraft } from '../store/library/drafts.ts';
import { findingsIn, isFinding, showFinding } from '../store/machine/findings.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { clockStep } from '../store/run/clock.ts';
import { scenario, status } from '../store/run/open-machine.ts';
import { load, report } from '../store/run/session.ts';
import { textOf } from '../store/script/document.ts';
import { rangeOf } from '../store/script/options.ts';
import { factsOf } from '../store/script/problem-facts.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { ColumnHeads } from '../widgets/ColumnHeads.tsx';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { Dialog } from '../widgets/Dialog.tsx';
import { Findings } from '../widgets/Findings.tsx';
import { NumberField } from '../widgets/NumberField.tsx';
import { ProblemView } from '../widgets/ProblemView.tsx';
import './ReportDialog.css';

/** The last audit and the report: the same object that the command line prints. */
export function ReportDialog() {
  const made = report.value;
  return (
    <Dialog onClose={closeDialog} name="report" title={text.dialogs.reportTitle} wide={true}>
      {made === undefined ? (
        <p class="hint" role="status">
          {text.status[status.value.kind]}…
        </p>
      ) : (
        <ReportView report={made} />
      )}
    </Dialog>
  );
}

/** Where a failure is, in the words of the script. */
function lineOf(at: string): string {
  const [, line, rest = ''] = /^\/script\/(\d+)(.*)$/.exec(at) ?? [];
  return line === undefined ? at : `${text.transport.units.line} ${Number(line) + 1}${rest}`;
}

/** How many frames for data a machine may have. */
const DATA_FRAMES = rangeOf('data_frames');

/** Says what stands between this machine and a textbook's number of faults, and offers a textbook's machine. */
function TextbookOffer({ notes }: { notes: readonly string[] }) {
  const frames = useSignal(scenario.value.machine?.data_frames ?? 3);
  const found = useSignal<Problem | undefined>(undefined);
  const submit = async (event: Event) => {
    event.preventDefault();
    found.value = undefined;
    const laid = await overridden(textOf(scenario.value), { textbook: frames.value });
    const isLegal = await mayRun(laid, (problem) => {
      found.value = problem;
    });
    if (!isLegal) return;
    closeDialog();
    const next = JSON.parse(laid) as Scenario;
    keepDraft(next);
    await load(next);
  };
  return (
    <form class="textbook-offer" onSubmit={submit}>
      {notes.map((note) => (
        <p class="hint" key={note}>
          {capitalised(note)}.
        </p>
      ))}
      <NumberField
        label={text.dialogs.textbookFrames}
        name="textbook-frames"
        value={frames.value}
        min={DATA_FRAMES.least}
        max={DATA_FRAMES.most}
        onChange={(value) => {
          frames.value = value;
        }}
      />
      <button type="submit" class="button" data-textbook="run">
        {text.dialogs.textbookRun}
      </button>
      {found.value !== undefined && (
        <div role="alert" data-notice="problem">
          <ProblemView facts={factsOf(found.value)} />
        </div>
      )}
    </form>
  );
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function ReportView({ report: made }: { report: Report }) {
  const others = made.failures.filter((failure) => !isFinding(failure));
  const findings = findingsIn(made.failures);
  const count = others.length + findings.length;
  return (
    <div class="report" data-ok={made.ok}>
      <p class="verdict">{made.ok ? text.dialogs.reportOk : text.dialogs.reportFailed(count)}</p>
      {others.length > 0 && (
        <ul class="failures">
          {others.map((failure) => (
            <li key={`${failure.at} ${failure.expected} ${failure.found}`}>
              <span class="digits">{lineOf(failure.at)}</span> {text.dialogs.expected}{' '}
              {failure.expected}, {text.dialogs.found} {failure.found}
            </li>
          ))}
        </ul>
      )}
      {(made.notes ?? []).length > 0 && <TextbookOffer notes={made.notes ?? []} />}
      <Findings
        findings={findings}
        onShow={(finding) => {
          closeDialog();
          showFinding(finding);
        }}
      />
      <dl class="facts">
        <dt>{text.dialogs.stateHash}</dt>
        <dd class="digits" data-hash="state">
          {made.state_hash}
        </dd>
        {made.trace_hash && (
          <>
            <dt>{text.dialogs.traceHash}</dt>
            <dd class="digits" data-hash="trace">
              {made.trace_hash}
            </dd>
          </>
        )}
        <dt>{text.dialogs.time}</dt>
        <dd class="digits">{text.duration(made.time_ns)}</dd>
      </dl>
      <LatencyTable report={made} />
      <CopyButton name="report" words={() => JSON.stringify(made, null, 2)}>
        {text.dialogs.copyReport}
      </CopyButton>
    </div>
  );
}

function LatencyTable({ report: made }: { report: Report }) {
  const rows = Object.entries(made.latency);
  if (rows.length === 0) return null;
  return (
    <table class="latency">
      <caption>{text.dialogs.latency}</caption>
      <ColumnHeads names={[text.faults.kind, ...text.dialogs.latencyColumns]} />
      <tbody>
        {rows.map(([kind, row]) => (
          <tr key={kind}>
            <th scope="row">{text.counters[kind] ?? kind}</th>
            <td class="digits">{text.number(row.count)}</td>
            <td class="digits">{text.quantile(row.p50_ns, clockStep.value)}</td>
            <td class="digits">{text.quantile(row.p99_ns, clockStep.value)}</td>
            <td class="digits">{text.quantile(row.p999_ns, clockStep.value)}</td>
            <td class="digits">{text.quantile(row.max_ns, clockStep.value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
