import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { download, fileName } from '../share/file.ts';
import { SAFE_LENGTH } from '../share/link.ts';
import { iframe, markdown } from '../share/snippets.ts';
import { closeDialog } from '../store/dialogs.ts';
import { saveScenario } from '../store/files.ts';
import { openFile, share } from '../store/links.ts';
import { scenario } from '../store/session.ts';
import { folded, isShown, PANELS, type PanelName } from '../store/view.ts';
import { text } from '../text.ts';
import { Dialog } from './Dialog.tsx';
import { pngOf, svgOf } from './picture.ts';

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
  return (
    <Dialog name="share" title={text.dialogs.shareTitle} note={text.dialogs.shareNote}>
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
      <p class={length > SAFE_LENGTH ? 'dialog-note warning' : 'dialog-note'} role="status">
        {length > SAFE_LENGTH
          ? text.dialogs.shareLong(length, SAFE_LENGTH)
          : text.dialogs.shareLength(length)}
      </p>
      <div class="button-row">
        <CopyButton name="markdown" words={() => markdown(title, address.value)}>
          {text.dialogs.copyMarkdown}
        </CopyButton>
        <CopyButton name="frame" words={() => iframe(title, address.value, [])}>
          {text.dialogs.copyFrame}
        </CopyButton>
      </div>
      <h3>{text.dialogs.fileTitle}</h3>
      <div class="button-row">
        <button type="button" class="button" data-share="save" onClick={saveScenario}>
          {text.dialogs.download}
        </button>
        <label class="button file-button">
          {text.dialogs.openFile}
          <input
            type="file"
            class="unseen"
            accept=".json,application/json"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file === undefined) return;
              closeDialog();
              void openFile(file);
            }}
          />
        </label>
        <button type="button" class="button" onClick={() => print()}>
          {text.dialogs.print}
        </button>
      </div>
      <PictureFields title={title} />
    </Dialog>
  );
}

interface CopyButtonProps {
  readonly name: string;
  readonly words: () => string;
  readonly className?: string;
  readonly children: ComponentChildren;
}

/** Copies words, and says whether it could. */
function CopyButton({ name, words, className = '', children }: CopyButtonProps) {
  const state = useSignal<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(words());
      state.value = 'copied';
    } catch {
      state.value = 'failed';
    }
  };
  return (
    <button
      type="button"
      class={`button ${className}`}
      data-share={name}
      data-copied={state.value}
      onClick={() => void copy()}
    >
      {state.value === 'copied'
        ? text.dialogs.copied
        : state.value === 'failed'
          ? text.errors.share
          : children}
    </button>
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
