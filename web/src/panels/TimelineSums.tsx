// Shows the sums of a selected span of the timeline: how often each thing happened in it, and how long it took.

import type { View } from '../draw/timeline-view.ts';
import { runtimeKind } from '../store/run/open-machine.ts';
import { KINDS } from '../store/timeline/row.ts';
import { timeline } from '../store/timeline/timeline.ts';
import { text } from '../text/text.ts';
import { ColumnHeads } from '../widgets/ColumnHeads.tsx';
import { goToMoment } from './timeline-input.ts';

export function TimelineSums({ span }: { span: View }) {
  const sums = timeline.tracks.value?.sums(span.from, span.to);
  if (sums === undefined) return null;
  const { slices, marks } = sums;
  const rows = Array.from({ length: KINDS }, (_, kind) => kind)
    .filter((kind) => (slices.count[kind] ?? 0) > 0)
    .sort((a, b) => (slices.ns[b] ?? 0) - (slices.ns[a] ?? 0));
  const others = marks.count.reduce((sum, one) => sum + one, 0);
  const words = text.timeline;
  const begin = text.duration(span.from - timeline.origin());
  return (
    <section
      class="timeline-sums"
      aria-label={words.sums(begin, text.duration(span.to - span.from))}
    >
      <header>
        <span class="digits">{words.sums(begin, text.duration(span.to - span.from))}</span>
        {runtimeKind.value !== 'threads' && (
          <button type="button" class="button quiet" onClick={() => goToMoment(span.from)}>
            {words.goToSelection}
          </button>
        )}
        <button
          type="button"
          class="button quiet"
          data-timeline="clear"
          onClick={() => timeline.select(undefined)}
        >
          {words.clear}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <div class="timeline-scroll" tabIndex={0}>
        <table>
          <ColumnHeads names={words.sumsColumns} />
          <tbody>
            {rows.map((kind) => (
              <tr key={kind} data-sum={kind}>
                <th scope="row">{words.kindName(kind)}</th>
                <td class="digits">{text.number(slices.count[kind] ?? 0)}</td>
                <td class="digits">{text.duration(slices.ns[kind] ?? 0)}</td>
              </tr>
            ))}
            <tr data-sum="marks">
              <th scope="row">{words.otherEvents}</th>
              <td class="digits">{text.number(others)}</td>
              <td />
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}
