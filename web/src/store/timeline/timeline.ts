// Holds the timeline of the run: its tracks, what is seen of it and what is selected. A virtual run hands over what it
// records; on threads the rings are read at leisure, and what they have overwritten by then is counted as lost.

import { batch, effect, signal } from '@preact/signals';
import { holding, type View } from '../../draw/timeline-view.ts';
import { type Recorded, RingReader } from '../../engine/event-recorder.ts';
import type { MachineViews } from '../../engine/views.ts';
import { observed } from '../machine/observation.ts';
import { loop } from '../page/loop.ts';
import { Tracks } from './tracks.ts';

/** Records that are read of all rings at one time. */
const MOST_READ = 1 << 13;

const tracks = signal<Tracks | undefined>(undefined);
/** What the visitor chose to see; the whole run, however long it gets, while nothing was chosen. */
const chosen = signal<View | undefined>(undefined);
const selection = signal<View | undefined>(undefined);
/** Rises when rings of threads were read, which is after what is told of the machine. */
const ringsRead = signal(0);
let reader: RingReader | undefined;

/** The whole run as it is known, up to this moment at least. */
function whole(moment: number): View {
  const known = tracks.peek();
  if (known === undefined || known.size === 0) return { from: 0, to: Math.max(1000, moment) };
  const from = reader === undefined ? (known.keptFrom ?? 0) : known.first;
  const to = Math.max(known.last, moment);
  return { from, to: to + Math.max(1, (to - from) * 0.01) };
}

export const timeline = {
  tracks,
  chosen,
  selection,
  ringsRead,
  whole,
  /** What is seen while the playhead is at this moment. */
  seen: (moment: number): View => chosen.value ?? whole(moment),
  /** From where times are told: on threads the clock began long before the run. */
  origin: (): number => (reader === undefined ? 0 : (tracks.peek()?.first ?? 0)),
  /** A machine at boot. One on threads hands nothing over: its rings are read. */
  begin(views: MachineViews, isThreads: boolean): void {
    const { parts, event_kinds } = views.layout;
    batch(() => {
      timeline.clear();
      tracks.value = new Tracks(parts.events.count, event_kinds);
      reader = isThreads ? new RingReader(views) : undefined;
    });
  },
  hear(recorded: Recorded): void {
    tracks.peek()?.take(recorded);
    loop.request();
  },
  clear(): void {
    reader = undefined;
    batch(() => {
      tracks.value = undefined;
      chosen.value = undefined;
      selection.value = undefined;
    });
  },
  see(view: View | undefined): void {
    chosen.value = view;
    loop.request();
  },
  select(span: View | undefined): void {
    selection.value = span;
    loop.request();
  },
  /** The playhead has come to a moment: what is seen moves along. */
  follow(moment: number): void {
    const view = chosen.peek();
    if (view !== undefined) chosen.value = holding(view, moment, whole(moment));
  },
};

effect(() => {
  observed.atLeisure.faults.value;
  if (reader === undefined) return;
  reader.read(Math.ceil(MOST_READ / Math.max(1, tracks.peek()?.all.length ?? 1)));
  const recorded = reader.take();
  if (recorded.words.length === 0) return;
  timeline.hear(recorded);
  ringsRead.value = tracks.peek()?.version ?? 0;
});
