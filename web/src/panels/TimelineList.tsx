// Lists what is seen of the timeline, in the order it began: the same as the lanes show, for a reader of text.

import { observed } from '../store/machine/observation.ts';
import { clockStep } from '../store/run/clock.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { playhead } from '../store/run/playhead.ts';
import { trackName, wordsOf } from '../store/timeline/facts.ts';
import { firstSeen } from '../store/timeline/seen.ts';
import { timeline } from '../store/timeline/timeline.ts';
import { text } from '../text/text.ts';
import { ColumnHeads } from '../widgets/ColumnHeads.tsx';
import { goToMoment } from './timeline-input.ts';

/** So many are listed. */
const MOST = 100;

export function TimelineList() {
  timeline.chosen.value;
  const tracks = timeline.tracks.value;
  if (tracks === undefined) return null;
  const view = timeline.seen(playhead.peek().time_ns);
  const { slices, marks } = tracks.sums(view.from, view.to);
  const all = [...slices.count, ...marks.count].reduce((sum, one) => sum + one, 0);
  const seen = firstSeen(tracks, view, MOST);
  const words = text.timeline;
  const origin = timeline.origin();
  const threads = runtimeKind.value === 'threads';
  const { event_kinds = [] } = observed.machine.peek()?.layout ?? {};
  return (
    <section class="timeline-list" aria-label={words.list}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <div class="timeline-scroll" tabIndex={0}>
        <table>
          <caption>{words.listCaption(seen.length, all)}</caption>
          <ColumnHeads names={words.columns} />
          <tbody>
            {seen.map(({ ring, slice, isMark, isOpen }) => {
              const time = text.duration(slice.begin - origin);
              const name = isMark
                ? words.mark(text.eventKind(event_kinds[slice.kind] ?? ''), slice.number)
                : wordsOf(slice);
              return (
                <tr key={`${ring} ${slice.begin} ${slice.kind}`}>
                  <td class="digits">
                    {threads ? (
                      time
                    ) : (
                      <button
                        type="button"
                        class="link"
                        aria-label={words.goTo(time)}
                        onClick={() => goToMoment(slice.begin)}
                      >
                        {time}
                      </button>
                    )}
                  </td>
                  <td>{trackName(ring)}</td>
                  <td>{name}</td>
                  <td class="digits">
                    {isMark || isOpen ? '' : text.timed(slice.end - slice.begin, clockStep.value)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
