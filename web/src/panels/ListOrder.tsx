// Shows the frames of one state in the order of their lists; its gauge opens it.

import { shown } from '../store/animation/shown.ts';
import { describeFrame } from '../store/machine/describe.ts';
import { LISTED, type Stretch, stretchesOf } from '../store/machine/list-order.ts';
import { observed } from '../store/machine/observation.ts';
import { hoveredFrame, looking, selectedFrame, selectFrame } from '../store/page/selection.ts';
import { openedList } from '../store/page/shown-panels.ts';
import { openFrameMenu } from '../store/visit/menu.ts';
import { text } from '../text/text.ts';
import { CellGrid } from './CellGrid.tsx';
import { StateGlyph } from './StateGlyph.tsx';
import './ListOrder.css';

export function ListOrder() {
  const machine = observed.machine.value;
  observed.version.value;
  const state = openedList.value;
  if (machine === undefined || !LISTED.includes(state)) return null;
  const stretches = stretchesOf(machine, state);
  const order = stretches.flatMap(({ frames }) => frames);
  const places = new Map(order.map((frame, at) => [frame, at]));
  const { trim_low: low, trim_high: high } = machine.layout;
  const counts = shown.frameCounts.value;
  const available = (counts[0] ?? 0) + (counts[1] ?? 0) + (counts[5] ?? 0);
  const onLists = stretches
    .filter(({ of }) => of === 'list')
    .reduce((sum, { frames }) => sum + frames.length, 0);
  const describe = (at: number) =>
    text.lists.place(at, order.length, describeFrame(order[at] ?? -1));
  return (
    <section class="list-order" data-list={state} aria-label={text.lists.title(state)}>
      <header>
        <StateGlyph state={state} size={12} />
        <h3>{text.lists.title(state)}</h3>
        <span class="hint">
          {state === 0 || state === 1 || state === 5 ? text.lists.water(available, low, high) : ''}
        </span>
        <button
          type="button"
          class="list-close"
          aria-label={text.lists.close}
          onClick={() => {
            openedList.value = -1;
          }}
        >
          ×
        </button>
      </header>
      {order.length === 0 ? (
        <p class="hint">{text.lists.empty}</p>
      ) : (
        <CellGrid
          id="list"
          label={text.lists.title(state)}
          count={order.length}
          looks={() => Uint8Array.from(order, (frame) => observed.frameLooks()[frame] ?? 0)}
          selected={places.get(selectedFrame.value) ?? 0}
          onSelect={(at) => selectFrame(order[at] ?? -1)}
          onHover={(at) => {
            hoveredFrame.value = order[at] ?? -1;
          }}
          onMenu={(at, where) => openFrameMenu(order[at] ?? -1, where)}
          describe={describe}
          caption={(at) => text.frameNumber(order[at] ?? 0)}
          smallest={8}
          largest={36}
          stackedShare={0.2}
          first={1}
          marks={() => ({
            owned: [],
            linked: [...handsOf(stretches)],
            selected: looking.value === 'frame' ? (places.get(selectedFrame.value) ?? -1) : -1,
            hovered: places.get(hoveredFrame.value) ?? -1,
            ...(onLists > 0 &&
              onLists < order.length && { range: { first: 0, last: onLists - 1 } }),
          })}
        />
      )}
      <ul class="stretches">
        {stretches
          .filter(({ frames }) => frames.length > 0)
          .map((stretch) => (
            <li key={`${stretch.of} ${stretch.which}`} data-stretch={stretch.of}>
              {text.lists.stretch(stretch.of, stretch.which, stretch.frames.length)}
              <span class="digits">
                {' '}
                {text.lists.ends(stretch.frames[0] ?? 0, stretch.frames.at(-1) ?? 0)}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}

function* handsOf(stretches: readonly Stretch[]): Iterable<number> {
  let start = 0;
  for (const { frames, hand } of stretches) {
    if (hand !== undefined) yield start + hand;
    start += frames.length;
  }
}
