import { useSignal } from '@preact/signals';
import type { Report } from '../generated/types.d.ts';
import { findingsIn, isFinding, showFinding } from '../store/machine/findings.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { status } from '../store/run/open-machine.ts';
import { report } from '../store/run/session.ts';
import { text } from '../text/text.ts';
import { ColumnHeads } from '../widgets/ColumnHeads.tsx';
import { Dialog } from '../widgets/Dialog.tsx';
import { Findings } from '../widgets/Findings.tsx';
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

function ReportView({ report: made }: { report: Report }) {
  const copied = useSignal(false);
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
      <button
        type="button"
        class="button"
        onClick={() => {
          void navigator.clipboard.writeText(JSON.stringify(made, null, 2)).then(() => {
            copied.value = true;
          });
        }}
      >
        {copied.value ? text.dialogs.copied : text.dialogs.copyReport}
      </button>
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
            <td class="digits">{text.quantile(row.p50_ns)}</td>
            <td class="digits">{text.quantile(row.p99_ns)}</td>
            <td class="digits">{text.quantile(row.p999_ns)}</td>
            <td class="digits">{text.quantile(row.max_ns)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
