import { useEffect } from 'preact/hooks';
import type { Report } from '../generated/types.d.ts';
import { keepDraft } from '../store/library/drafts.ts';
import { closeDialog, openDialog } from '../store/page/open-dialog.ts';
import { type Comparison, comparison, endComparison, unfinished } from '../store/run/comparison.ts';
import {
  compared,
  differs,
  isTelling,
  type Row,
  verdictOf,
} from '../store/run/report-difference.ts';
import { load } from '../store/run/session.ts';
import {
  changesBetween,
  costOptions,
  machineOptions,
  runtimeOptions,
} from '../store/script/options.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './CompareDialog.css';

/** Two runs of one script and seed, number by number. */
export function CompareDialog() {
  useEffect(() => endComparison, []);
  const { value } = comparison;
  if (value === undefined) return null;
  const { one, other, lines, total, reports, problem } = value;
  return (
    <Dialog
      onClose={closeDialog}
      name="compare"
      title={text.compare.title}
      note={text.compare.note}
      wide={true}
    >
      <ul class="compare-changes">
        {changesBetween(one, other).map(({ pointer, one: from, other: to }) => (
          <li key={pointer} data-change={pointer}>
            {text.compare.change(
              nameOf(pointer),
              text.machine.choice(from),
              text.machine.choice(to),
            )}
          </li>
        ))}
      </ul>
      {problem !== undefined ? (
        <p class="dialog-note warning" role="alert">
          {problem}
        </p>
      ) : reports === undefined ? (
        <p class="hint" role="status">
          {text.compare.running(lines[0], lines[1], total)}
        </p>
      ) : (
        <Tables reports={reports} />
      )}
      <Foot value={value} />
    </Dialog>
  );
}

function nameOf(pointer: string): string {
  if (pointer === '/runtime/seed') return text.fields.seed;
  if (pointer === '/runtime/kind') return text.fields.runtime;
  if (pointer === '/runtime/coherence') return text.fields.coherence;
  const options = [...machineOptions, ...runtimeOptions, ...costOptions];
  const option = options.find((each) => each.pointer === pointer);
  const name = option?.name ?? pointer;
  return text.machine.options[name]?.[0] ?? text.machine.costName(name);
}

function Foot({ value: { other } }: { value: Comparison }) {
  return (
    <footer class="dialog-foot">
      <span class="spring" />
      <button
        type="button"
        class="button"
        data-compare="back"
        onClick={() => {
          unfinished.value = other;
          openDialog('machine');
        }}
      >
        {text.compare.back}
      </button>
      <button
        type="button"
        class="button primary"
        data-compare="take"
        onClick={() => {
          closeDialog();
          keepDraft(other);
          void load(other);
        }}
      >
        {text.compare.take}
      </button>
    </footer>
  );
}

function Tables({ reports: [one, other] }: { reports: readonly [Report, Report] }) {
  const rows = compared(one, other);
  const different = rows.filter((row) => differs(row) && isTelling(row));
  const same = rows.filter((row) => !differs(row));
  const failures = [one, other].flatMap((report, side) =>
    report.failures.map((failure) => ({
      ...failure,
      side: side === 0 ? text.compare.one : text.compare.other,
    })),
  );
  return (
    <div class="compare-tables">
      <p class="verdict">
        {one.state_hash === other.state_hash ? text.compare.sameBytes : text.compare.otherBytes}
      </p>
      {failures.length > 0 && (
        <ul class="failures">
          {failures.map(({ side, at, expected, found }) => (
            <li key={`${side} ${at} ${expected} ${found}`}>
              {text.compare.failed(side, at, expected, found)}
            </li>
          ))}
        </ul>
      )}
      {different.length === 0 ? (
        <p class="hint">{text.compare.nothing}</p>
      ) : (
        <RowTable rows={different} name="different" />
      )}
      <details class="dialog-more">
        <summary>{text.compare.same(same.length)}</summary>
        <RowTable rows={same} name="same" />
      </details>
    </div>
  );
}

function RowTable({ rows, name }: { rows: readonly Row[]; name: string }) {
  const parts = [...new Set(rows.map(({ part }) => part))];
  return (
    <table class="compare-table" data-rows={name}>
      <thead>
        <tr>
          <th scope="col">{text.compare.field}</th>
          <th scope="col">{text.compare.one}</th>
          <th scope="col">{text.compare.other}</th>
          <th scope="col">{text.compare.difference}</th>
        </tr>
      </thead>
      {parts.map((part) => (
        <tbody key={part}>
          <tr class="compare-part">
            <th scope="rowgroup" colSpan={4}>
              {text.compare.parts[part]}
            </th>
          </tr>
          {rows
            .filter((row) => row.part === part)
            .map((row) => (
              <tr key={row.keys.join('/')} data-field={[part, ...row.keys].join('/')}>
                <th scope="row">{nameOfRow(row)}</th>
                <td class="digits">{said(row, row.one)}</td>
                <td class="digits">{said(row, row.other)}</td>
                <td class="digits">
                  {differenceOf(row)} <Verdict row={row} />
                </td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

/** Says of a figure of which less is better whether the changed machine is better, or the two as near as can be told. */
function Verdict({ row }: { row: Row }) {
  const verdict = verdictOf(row);
  if (verdict === undefined) return null;
  return (
    <span class={`verdict-${verdict}`} data-verdict={verdict}>
      {text.compare.verdicts[verdict]}
    </span>
  );
}

/** Its keys in words: those of locks are the ones of their panel. */
function nameOfRow({ part, keys }: Row): string {
  const classes: Readonly<Record<string, string>> = text.locks.classNames;
  return keys
    .map((key, at) => (part === 'locks' && at === 0 ? (classes[key] ?? key) : wordOf(key)))
    .join(', ');
}

function wordOf(key: string): string {
  return text.compare.keys[key] ?? text.counters[key] ?? key.replaceAll('_', ' ');
}

function said({ unit }: Row, value: string | number | undefined): string {
  if (value === undefined) return text.compare.missing;
  // Of a hash the beginning is enough to see whether it is the same.
  if (typeof value === 'string') return value.slice(0, 8);
  return unit === 'time' ? text.duration(value) : text.number(value);
}

function differenceOf({ unit, one, other }: Row): string {
  if (one === other) return '';
  if (typeof one === 'string' || typeof other === 'string') return text.compare.another;
  const [before, after] = [one ?? 0, other ?? 0];
  const size = Math.abs(after - before);
  const sign = after > before ? '+' : '−';
  const amount = `${sign}${unit === 'time' ? text.duration(size) : text.number(size)}`;
  if (before === 0) return amount;
  const ratio = after / before;
  return `${amount}  (${ratio >= 10 ? `×${ratio.toFixed(0)}` : `${sign}${((100 * size) / before).toFixed(size / before < 0.1 ? 1 : 0)}\u00a0%`})`;
}
