// Shows the references of the selected process by frames, as textbooks do: it grows with the playhead, is saved as SVG or
// text, and its columns lead to their places in the run.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { FAULT_KINDS } from '../generated/machine.ts';
import { matrixSvg } from '../picture/matrix-picture.ts';
import { download, fileName } from '../share/file.ts';
import { placesOf } from '../store/machine/grid-reader.ts';
import { observed } from '../store/machine/observation.ts';
import type { Reference, Stamp } from '../store/machine/reference-log.ts';
import {
  type Matrix,
  type MatrixColumn,
  MOST_COLUMNS,
  MOST_ROWS,
  matrixOf,
  matrixText,
} from '../store/machine/reference-matrix.ts';
import { selectPage } from '../store/page/selection.ts';
import { runtimeKind, scenario } from '../store/run/open-machine.ts';
import { goTo } from '../store/run/transport.ts';
import { coversCounter } from '../store/visit/lesson.ts';
import { text } from '../text/text.ts';

const words = text.replacement.matrix;

/** The table of the selected process; or what keeps it from being shown. */
export function selectedMatrix(
  until: Stamp | undefined,
): { readonly matrix: Matrix; readonly process: string } | string {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  observed.version.value;
  if (runtimeKind.value === 'threads') return words.threads;
  if (machine === undefined || row === undefined) return words.noProcess;
  const places = placesOf(machine, machine.process(row.index));
  const matrix = matrixOf(observed.references.entries, row.index, places, until);
  return matrix.columns.length === 0 ? words.none : { matrix, process: row.name };
}

/** How many of the references faulted, unless that is asked for. */
export function countWords(matrix: Matrix): string {
  const { columns, columnsBefore, framesBeside } = matrix;
  return [
    ...(coversCounter('faults') ? [] : [words.count(faultsIn(matrix), columns.length)]),
    ...(columnsBefore > 0 ? [words.columnsBefore(columnsBefore)] : []),
    ...(framesBeside > 0 ? [words.framesBeside(framesBeside)] : []),
  ].join(' · ');
}

const faultsIn = ({ columns }: Matrix) =>
  columns.filter(({ reference }) => reference.fault !== undefined).length;

function outcomeOf({ fault }: Reference): string {
  if (fault === undefined) return words.hit;
  return fault < 0 ? text.marks.names.faulting : (text.faults.kinds[fault] ?? '');
}

interface MatrixProps {
  readonly matrix: Matrix;
  readonly process: string;
}

/** Saves the table as a picture or as text. */
export function SaveMatrix({ matrix, process }: MatrixProps) {
  const said = { ...words, title: words.title(process) };
  const save = (kind: 'svg' | 'txt') => {
    const content = kind === 'svg' ? matrixSvg(matrix, said) : matrixText(matrix, said);
    const type = kind === 'svg' ? 'image/svg+xml' : 'text/plain';
    const name = fileName(`${scenario.value.title ?? ''} ${said.title}`, kind);
    download(name, new Blob([content], { type }));
  };
  return (
    <span class="matrix-save">
      {(['svg', 'txt'] as const).map((kind) => (
        <button
          key={kind}
          type="button"
          class="button quiet"
          data-save-matrix={kind}
          aria-label={kind === 'svg' ? words.saveSvg : words.saveText}
          title={kind === 'svg' ? words.saveSvg : words.saveText}
          onClick={() => save(kind)}
        >
          {kind === 'svg' ? words.svg : words.text}
        </button>
      ))}
    </span>
  );
}

export function ReferenceMatrix({ matrix, process }: MatrixProps) {
  const scroller = useRef<HTMLElement>(null);
  const { columns, frames, columnsBefore } = matrix;
  const count = columnsBefore + columns.length;
  // The newest reference is to be seen.
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current !== null) current.scrollLeft = current.scrollWidth;
  }, [count, process]);
  return (
    <div class="matrix" data-matrix={columns.length}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys */}
      <section ref={scroller} class="matrix-room" tabIndex={0} aria-label={words.title(process)}>
        <table class="digits" title={words.kept(MOST_COLUMNS, MOST_ROWS)}>
          <thead>
            <tr>
              <th scope="row">{words.page}</th>
              {columns.map((column) => (
                <Head key={keyOf(column)} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {frames.map((frame, row) => (
              <tr key={frame} data-row={frame}>
                <th scope="row">{words.frame(frame)}</th>
                {columns.map((column) => (
                  <Cell key={keyOf(column)} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr data-row="fault">
              <th scope="row">{words.fault}</th>
              {columns.map((column) => (
                <td key={keyOf(column)} title={outcomeOf(column.reference)}>
                  {column.reference.fault !== undefined && <b>{words.mark}</b>}
                </td>
              ))}
            </tr>
            <tr data-row="out">
              <th scope="row">{words.out}</th>
              {columns.map((column) => (
                <td key={keyOf(column)}>
                  {column.out.map((page) => (
                    <button
                      key={page}
                      type="button"
                      tabIndex={-1}
                      title={words.select}
                      onClick={() => selectPage(page)}
                    >
                      <s>{words.pageNumber(page)}</s>
                    </button>
                  ))}
                </td>
              ))}
            </tr>
          </tfoot>
        </table>
      </section>
    </div>
  );
}

const keyOf = ({ reference: { time, order } }: MatrixColumn) => `${time} ${order}`;

function Head({ column: { reference } }: { readonly column: MatrixColumn }) {
  const { page, isWrite, fault, time } = reference;
  const label = words.column(page, isWrite ? words.write : words.read, outcomeOf(reference));
  return (
    <th
      scope="col"
      class={fault === undefined ? '' : 'faulted'}
      data-reference={page}
      data-fault={fault === undefined ? undefined : FAULT_KINDS[fault]}
    >
      <button
        type="button"
        tabIndex={-1}
        title={`${label}. ${words.go}`}
        aria-label={label}
        onClick={() => void goTo({ time_ns: time })}
      >
        {words.pageNumber(page)}
      </button>
    </th>
  );
}

function Cell({ column, row }: { readonly column: MatrixColumn; readonly row: number }) {
  const cell = column.cells[row];
  if (cell === undefined) return <td />;
  const { page, isNew, isTrimmed } = cell;
  const isHit = column.reference.page === page && !isNew;
  const name = isNew ? 'came' : isTrimmed ? 'trimmed' : isHit ? 'hit' : '';
  return (
    <td class={name} title={isNew ? words.came : isTrimmed ? words.trimmed : undefined}>
      {words.pageNumber(page)}
    </td>
  );
}
