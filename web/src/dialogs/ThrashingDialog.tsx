// Runs the scenario's program in more and more processes, and shows where useful work begins to fall. How many processes
// and how much memory there are is said here.

import { useSignal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { closeDialog } from '../store/page/open-dialog.ts';
import { awaitedBuild } from '../store/run/awaited-build.ts';
import {
  endThrashing,
  measureThrashing,
  stopThrashing,
  type Thrashing,
  thrashing,
  USUAL_PROCESSES,
} from '../store/run/thrashing.ts';
import { rangeOf } from '../store/script/options.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { NumberField } from '../widgets/NumberField.tsx';
import './ThrashingDialog.css';
import type { ThrashingView } from './ThrashingView.tsx';

const words = text.thrashing;
const FRAMES = rangeOf('frames');
const PROCESSES = rangeOf('cpus');

/** What has been found so far, in a sentence. */
function stateOf({ loads, most, knee, isDone, message }: Thrashing): string {
  if (message !== undefined) return words.failed(message);
  const found = knee === undefined ? '' : words.knee(knee.processes, knee.thrashing);
  if (!isDone) {
    const isAwaited = awaitedBuild.value === 'teaching';
    return `${found} ${isAwaited ? text.awaited('teaching') : words.measuring(loads.length, most)}`;
  }
  return found === '' ? words.noKnee : found;
}

export function ThrashingDialog() {
  const [View, setView] = useState<typeof ThrashingView>();
  const most = useSignal(USUAL_PROCESSES);
  const frames = useSignal<number | undefined>(undefined);
  useEffect(() => {
    void measureThrashing(most.value);
    void import('./ThrashingView.tsx').then((loaded) => setView(() => loaded.ThrashingView));
    return endThrashing;
  }, []);
  const now = thrashing.value;
  const crowd = now?.crowd;
  const name = now?.name ?? words.usual;
  const isBusy = now !== undefined && !now.isDone;
  return (
    <Dialog
      onClose={closeDialog}
      name="thrashing"
      title={words.title}
      note={words.note}
      wide={true}
    >
      <form
        class="thrashing-form"
        onSubmit={(event) => {
          event.preventDefault();
          void measureThrashing(most.value, frames.value);
        }}
      >
        <NumberField
          label={words.most}
          name="processes"
          value={most.value}
          min={PROCESSES.least}
          max={PROCESSES.most}
          onChange={(value) => {
            most.value = value;
          }}
        />
        <NumberField
          label={words.frames}
          name="frames"
          value={frames.value ?? crowd?.frames ?? FRAMES.least}
          min={FRAMES.least}
          max={FRAMES.most}
          onChange={(value) => {
            frames.value = value;
          }}
        />
        <button type="submit" class="button primary">
          {words.measure}
        </button>
        <button type="button" class="button" disabled={!isBusy} onClick={stopThrashing}>
          {words.stop}
        </button>
      </form>
      <p class="thrashing-state" role="status">
        {crowd !== undefined && <b>{words.of(name, crowd.pages, crowd.accesses, crowd.frames)}</b>}{' '}
        {now?.name === undefined && crowd !== undefined && `${words.noProgram} `}
        {now !== undefined && stateOf(now)}
      </p>
      {View !== undefined && now !== undefined && now.loads.length > 0 && (
        <View name={name} thrashing={now} />
      )}
    </Dialog>
  );
}
