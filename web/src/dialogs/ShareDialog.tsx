import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { pngOf, svgOf } from '../picture/panel-picture.ts';
import { download, fileName } from '../share/file.ts';
import { SAFE_LENGTH } from '../share/link.ts';
import { type FrameWish, iframe, markdown } from '../share/snippets.ts';
import { shippedTraces } from '../store/library/shipped-traces.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { EMBEDDED, folded, isShown, PANELS, type PanelName } from '../store/page/shown-panels.ts';
import { scenario } from '../store/run/open-machine.ts';
import { cancelTrace, saveTrace, tracing } from '../store/run/trace-export.ts';
import { tracesIn } from '../store/script/document.ts';
import { openFile, share } from '../store/visit/links.ts';
import { saveScenario } from '../store/visit/saved-files.ts';
import { openTrace } from '../store/visit/traces.ts';
import { text } from '../text/text.ts';
import { CopyButton } from '../widgets/CopyButton.tsx';
import { Dialog } from '../widgets/Dialog.tsx';
import { FileButton } from '../widgets/FileButton.tsx';
import './ShareDialog.css';

/** The scenario for others: as a link, as a file, as a picture. */
export function ShareDialog() {
  const address = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    void share().then((whole) => {
      address.value = whole;
      requestAnimationFrame(() => field.current?.select());
    });
  }, [address]);
  const title = scenario.value.title || text.untitled;
  const { length } = address.value;
  const attached = [...new Set(tracesIn(scenario.value))].filter(
    (name) => !shippedTraces.includes(name),
  );
  return (
    <Dialog
      onClose={closeDialog}
      name="share"
      title={text.dialogs.shareTitle}
      note={text.dialogs.shareNote}
    >
      <div class="share">
        <input
          ref={field}
          class="digits"
          type="text"
          name="address"
          readOnly={true}
          aria-label={text.dialogs.shareLabel}
          value={address.value}
        />
        <CopyButton name="link" className="primary" words={() => address.value}>
          {text.dialogs.copy}
        </CopyButton>
      </div>
      <div class="share-length">
        <p class={length > SAFE_LENGTH ? 'dialog-note warning' : 'dialog-note'} role="status">
          {length > SAFE_LENGTH
            ? text.dialogs.shareLong(length, SAFE_LENGTH)
            : text.dialogs.shareLength(length)}
        </p>
        <CopyButton name="markdown" words={() => markdown(title, address.value)}>
          {text.dialogs.copyMarkdown}
        </CopyButton>
      </div>
      {attached.length > 0 && (
        <p class="dialog-note" data-note="trace">
          {text.traces.notInLink(attached)}
        </p>
      )}
      <FrameFields title={title} address={address.value} />
      <h3>{text.dialogs.fileTitle}</h3>
      <div class="button-row">
        <button type="button" class="button" data-share="save" onClick={saveScenario}>
          {text.dialogs.download}
        </button>
        <FileButton
          name="scenario"
          accept=".json,application/json"
          onFile={(file) => {
            closeDialog();
            void openFile(file);
          }}
        >
          {text.dialogs.openFile}
        </FileButton>
        <FileButton
          name="trace"
          onFile={(file) => {
            closeDialog();
            void openTrace(file);
          }}
        >
          {text.traces.open}
        </FileButton>
        <button type="button" class="button" onClick={() => print()}>
          {text.dialogs.print}
        </button>
      </div>
      <PictureFields title={title} />
      <TraceFields />
    </Dialog>
  );
}

/** A frame for another's page, with the panels that it is to show. */
function FrameFields({ title, address }: { title: string; address: string }) {
  const chosen = useSignal<ReadonlySet<PanelName>>(new Set(EMBEDDED));
  const choose = (name: PanelName, isChosen: boolean) => {
    const next = new Set(chosen.value);
    if (isChosen) next.add(name);
    else next.delete(name);
    chosen.value = next;
  };
  const wish = useSignal<FrameWish>({});
  const names = PANELS.filter((name) => chosen.value.has(name));
  const wishes = (
    <div class="frame-wishes">
      <label class="field">
        <span>{text.room.embed.theme}</span>
        <select
          name="embed-theme"
          onChange={({ currentTarget: { value } }) => {
            const { theme: _, ...others } = wish.value;
            wish.value =
              value === 'dark' || value === 'light' ? { ...others, theme: value } : others;
          }}
        >
          {(['system', 'light', 'dark'] as const).map((theme) => (
            <option key={theme} value={theme}>
              {text.room.embed.themes[theme]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{text.room.embed.begins}</span>
        <select
          name="embed-at"
          onChange={({ currentTarget: { value } }) => {
            const { at: _, autoplay: __, ...others } = wish.value;
            const said = { here: {}, start: { at: 'start' }, plays: { autoplay: true } } as const;
            wish.value = { ...others, ...said[value as keyof typeof said] };
          }}
        >
          {(['here', 'start', 'plays'] as const).map((way) => (
            <option key={way} value={way}>
              {text.room.embed.ways[way]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
  return (
    <>
      <h3>{text.dialogs.frameTitle}</h3>
      <fieldset class="frame-panels">
        <legend class="unseen">{text.dialogs.framePanels}</legend>
        {PANELS.map((name) => (
          <label key={name}>
            <input
              type="checkbox"
              name={name}
              checked={chosen.value.has(name)}
              onChange={(event) => choose(name, event.currentTarget.checked)}
            />
            {text.panels[name]}
          </label>
        ))}
      </fieldset>
      {wishes}
      <div class="button-row">
        <CopyButton
          key={`${names.join()} ${JSON.stringify(wish.value)}`}
          name="frame"
          words={() => iframe(title, address, names, wish.value)}
        >
          {text.dialogs.copyFrame}
        </CopyButton>
      </div>
    </>
  );
}

/** The run for Perfetto; a long one is written for a while, and can be given up. */
function TraceFields() {
  const { value } = tracing;
  const isRunning = value?.kind === 'running';
  return (
    <>
      <h3>{text.trace.title}</h3>
      <p class="dialog-note">{text.trace.note}</p>
      <div class="button-row">
        <button
          type="button"
          class="button"
          data-share="trace"
          onClick={() => (isRunning ? cancelTrace() : void saveTrace())}
        >
          {isRunning ? text.dialogs.cancel : text.trace.save}
        </button>
        <span class="trace-state digits" role="status">
          {value === undefined
            ? ''
            : value.kind === 'failed'
              ? text.trace.failed(value.message)
              : text.trace.running(value.line, value.lines, value.bytes)}
        </span>
      </div>
    </>
  );
}

function PictureFields({ title }: { title: string }) {
  const panels = PANELS.filter((name) => isShown(name) && !folded.value.has(name));
  const chosen = useSignal<PanelName>(
    panels.includes('physical') ? 'physical' : (panels[0] ?? 'tape'),
  );
  const failed = useSignal(false);
  const save = async (kind: 'svg' | 'png') => {
    const panel = document.querySelector(`.panel-${chosen.value}`);
    if (!(panel instanceof HTMLElement)) return;
    try {
      const picture =
        kind === 'svg' ? new Blob([svgOf(panel)], { type: 'image/svg+xml' }) : await pngOf(panel);
      download(fileName(`${title} ${text.panels[chosen.value]}`, kind), picture);
      failed.value = false;
    } catch {
      failed.value = true;
    }
  };
  return (
    <>
      <h3>{text.dialogs.pictureTitle}</h3>
      <div class="button-row">
        <label class="field picture-panel">
          <span class="unseen">{text.dialogs.picturePanel}</span>
          <select
            name="picture"
            value={chosen.value}
            onChange={(event) => {
              chosen.value = event.currentTarget.value as PanelName;
            }}
          >
            {panels.map((name) => (
              <option key={name} value={name}>
                {text.panels[name]}
              </option>
            ))}
          </select>
        </label>
        {(['svg', 'png'] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            class="button"
            data-share={kind}
            onClick={() => void save(kind)}
          >
            {text.dialogs.saveAs(kind)}
          </button>
        ))}
      </div>
      {failed.value && (
        <p class="dialog-note" role="alert">
          {text.errors.picture}
        </p>
      )}
    </>
  );
}
