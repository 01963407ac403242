// Shows what a report found, with what it speaks of as links: a press goes there.

import { type FindingPlace, lineOfPath, partsOfFinding } from '../store/machine/finding-places.ts';
import { observed } from '../store/machine/observation.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { selectFrame, selectPage, selectProcess } from '../store/page/selection.ts';
import { scenario } from '../store/run/open-machine.ts';
import { cursor } from '../store/run/playhead.ts';
import { seek } from '../store/run/session.ts';
import { scriptOf } from '../store/script/document.ts';
import { text } from '../text/text.ts';

/** The audit looked at the end of the run: what it found is seen there. */
async function goTo(place: FindingPlace): Promise<void> {
  closeDialog();
  const end = scriptOf(scenario.value).length;
  if (cursor.value < end) await seek(end);
  if (place.kind === 'frame') return selectFrame(place.frame);
  const process = observed.processes.value.find(({ index }) => index === place.process);
  if (process !== undefined) selectProcess(process.name);
  selectPage(place.page);
}

/** A process by its name, where the audit has its index. */
function wordsOf(words: string, place: FindingPlace): string {
  if (place.kind === 'frame') return words;
  const process = observed.processes.value.find(({ index }) => index === place.process);
  return process === undefined ? words : text.report.pageOf(process.name, place.page);
}

export function FindingText({ finding }: { readonly finding: string }) {
  return (
    <>
      {partsOfFinding(finding).map(({ words, place }, at) =>
        place === undefined ? (
          words
        ) : (
          <button
            key={at}
            type="button"
            class="link"
            data-finding={place.kind}
            onClick={() => void goTo(place)}
          >
            {wordsOf(words, place)}
          </button>
        ),
      )}
    </>
  );
}

/** Where it failed: a line of the script is a link to where it has run. */
export function FailurePlace({ path }: { readonly path: string }) {
  const line = lineOfPath(path);
  if (line === undefined || line >= scriptOf(scenario.value).length) {
    return <span class="digits">{path}</span>;
  }
  return (
    <button
      type="button"
      class="link"
      title={path}
      data-finding="line"
      onClick={() => {
        closeDialog();
        void seek(line + 1);
      }}
    >
      {text.report.line(line)}
    </button>
  );
}
