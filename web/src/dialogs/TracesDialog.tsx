// Lists the traces that the visitor attached and the recorded programs that come with the page, and opens another trace.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { download } from '../share/file.ts';
import { attachedTraces } from '../store/library/attached-traces.ts';
import { recordedPrograms } from '../store/library/trace-library.ts';
import { closeDialog, openDialog } from '../store/page/open-dialog.ts';
import { replayable } from '../store/run/replayed.ts';
import { openProgram, openScenarioOf, openTrace } from '../store/visit/traces.ts';
import { text } from '../text/text.ts';
import type { AttachedTrace } from '../types/attached-trace.ts';
import type { RecordedProgram } from '../types/recorded-program.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { FileButton } from '../widgets/FileButton.tsx';
import './TracesDialog.css';

/** Sizes of pages that machines have; the smallest makes a small program's pages many. */
const PAGE_SIZES = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 21];
const USUAL_SIZE = 1 << 12;

export function TracesDialog() {
  const pageSize = useSignal(USUAL_SIZE);
  useEffect(() => void attachedTraces.refresh(), []);
  const traces = attachedTraces.list.value;
  return (
    <Dialog
      onClose={closeDialog}
      name="traces"
      title={text.traces.dialogTitle}
      note={text.traces.dialogNote}
    >
      <div class="trace-open">
        <FileButton
          name="trace"
          isPrimary={true}
          onFile={(file) => {
            closeDialog();
            void openTrace(file, { pageSize: pageSize.value });
          }}
        >
          {text.traces.open}
        </FileButton>
        <label class="field">
          <span>{text.traces.pageSize}</span>
          <select
            name="page-size"
            value={pageSize.value}
            onChange={({ currentTarget }) => {
              pageSize.value = Number(currentTarget.value);
            }}
          >
            {PAGE_SIZES.map((bytes) => (
              <option key={bytes} value={bytes}>
                {text.traces.pageSizes(bytes)}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button"
          data-curves
          disabled={replayable.value === undefined}
          onClick={() => {
            openDialog('curves');
          }}
        >
          {text.actions.curves}
        </button>
        <button
          type="button"
          class="button"
          data-pictures
          disabled={replayable.value === undefined}
          onClick={() => {
            openDialog('pictures');
          }}
        >
          {text.actions.pictures}
        </button>
      </div>
      <h3>{text.traces.attached}</h3>
      {traces.length === 0 ? (
        <p class="hint">{text.traces.none}</p>
      ) : (
        <ul class="traces" data-attached>
          {traces.map((trace) => (
            <TraceItem key={trace.name} trace={trace} />
          ))}
        </ul>
      )}
      <h3>{text.traces.programs}</h3>
      <p class="dialog-note">{text.traces.programsNote}</p>
      <ul class="traces">
        {recordedPrograms.map((program) => (
          <ProgramItem key={program.name} program={program} />
        ))}
      </ul>
    </Dialog>
  );
}

function ProgramItem({ program }: { readonly program: RecordedProgram }) {
  const { name, about, command } = program;
  return (
    <li data-program={name}>
      <div class="trace-words">
        <strong>{name}</strong>
        <span>{about}</span>
        <span class="trace-facts" title={command}>
          {text.traces.facts(program)}
        </span>
      </div>
      <div class="trace-buttons">
        <TraceButton
          name="program-open"
          label={text.traces.playNamed(name)}
          onClick={() => {
            closeDialog();
            void openProgram(program);
          }}
        >
          {text.traces.play}
        </TraceButton>
      </div>
    </li>
  );
}

function TraceItem({ trace }: { readonly trace: AttachedTrace }) {
  const { name, bytes } = trace;
  const save = async () => {
    const file = await attachedTraces.fileOf(name);
    if (file !== undefined) download(`${name}.trace`, file);
  };
  return (
    <li data-trace={name}>
      <div class="trace-words">
        <strong>{name}</strong>
        <span class="trace-facts">{text.traces.facts(trace)}</span>
        <span class="trace-facts">
          {text.traces.from(trace)} · {text.traces.size(bytes)}
        </span>
      </div>
      <div class="trace-buttons">
        <TraceButton
          name="trace-open"
          label={text.traces.playNamed(name)}
          onClick={() => {
            closeDialog();
            void openScenarioOf(trace);
          }}
        >
          {text.traces.play}
        </TraceButton>
        <TraceButton name="trace-save" label={text.traces.saveNamed(name)} onClick={save}>
          {text.traces.save}
        </TraceButton>
        <TraceButton
          name="trace-remove"
          label={text.traces.removeNamed(name)}
          onClick={() => void attachedTraces.remove(name)}
        >
          {text.traces.remove}
        </TraceButton>
      </div>
    </li>
  );
}

interface TraceButtonProps {
  /** By which tests know it. */
  readonly name: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly children: string;
}

/** A button of one trace, whose label names the trace. */
function TraceButton({ name, label, onClick, children }: TraceButtonProps) {
  return (
    <button
      type="button"
      class="button"
      {...{ [`data-${name}`]: true }}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
