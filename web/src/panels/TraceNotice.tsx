// Says how far a trace is read, why it cannot be opened, and which trace a scenario lacks.

import { embedded } from '../store/page/shown-panels.ts';
import { MOST_PAGES } from '../store/script/trace-scenario.ts';
import { openFirstPreset } from '../store/visit/links.ts';
import {
  MOST_BYTES,
  missingTrace,
  opening,
  openSample,
  openTrace,
  stopReading,
} from '../store/visit/traces.ts';
import { text } from '../text/text.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { FormatForm } from './FormatForm.tsx';
import './TraceNotice.css';

export function TraceNotice() {
  const now = opening.value;
  switch (now?.kind) {
    case 'reading': {
      const share = now.bytes / Math.max(1, now.file.size);
      return (
        <div class="notice offer" data-notice="reading-trace">
          <span class="trace-progress" role="status">
            {text.traces.reading(now.file.name, share, now.references)}
          </span>
          <progress max={1} value={share} aria-label={text.traces.dialogTitle} />
          <button type="button" class="button" onClick={stopReading}>
            {text.traces.stop}
          </button>
        </div>
      );
    }
    case 'refused':
      return (
        <div class="notice strong" role="alert" data-notice="refused-trace">
          <h2>{text.traces.refused(now.file.name)}</h2>
          <p class="trace-sentence">
            {text.traces.sentence(now.message)} {text.traces.scenarioHint}{' '}
            {text.errors.linkNothingRan}
          </p>
          <FormatForm file={now.file} format={now.wish.format} />
        </div>
      );
    case 'too-large':
      return (
        <div class="notice strong" role="alert" data-notice="large-trace">
          <h2>{text.traces.tooLarge(now.file.name)}</h2>
          <p>{text.traces.tooLargeWhy(now.trace, MOST_BYTES, MOST_PAGES)}</p>
          <div class="notice-actions">
            <SampleButton onePageIn={now.onePageIn} />
            <button type="button" class="button" onClick={stopReading}>
              {text.errors.dismiss}
            </button>
          </div>
        </div>
      );
    case 'not-kept':
      return (
        <div class="notice offer" role="status" data-notice="unkept-trace">
          <span>{text.traces.notKept(now.trace.name, now.trace.bytes)}</span>
          {now.onePageIn !== undefined && <SampleButton onePageIn={now.onePageIn} />}
          <button type="button" class="button" onClick={stopReading}>
            {text.traces.dismiss}
          </button>
        </div>
      );
    default:
      return null;
  }
}

function SampleButton({ onePageIn }: { readonly onePageIn: number }) {
  return (
    <button type="button" class="button primary" data-sample onClick={() => void openSample()}>
      {text.traces.sample(onePageIn)}
    </button>
  );
}

/** Instead of the engine's word that a trace is not attached: which one, and a way to open its file. */
export function MissingTrace() {
  const name = missingTrace.value;
  if (name === undefined) return null;
  return (
    <div class="notice strong" role="alert" data-notice="missing-trace">
      <h2>{text.traces.missing(name)}</h2>
      {embedded ? (
        <p>{text.traces.missingEmbedded(name)}</p>
      ) : (
        <>
          <p>{text.traces.missingWhy(name)}</p>
          <div class="notice-actions">
            <FileButton
              name="missing-trace"
              isPrimary={true}
              onFile={(file) => void openTrace(file, { as: name })}
            >
              {text.traces.openMissing(name)}
            </FileButton>
            <button type="button" class="button" onClick={() => void openFirstPreset()}>
              {text.errors.openDefault}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
