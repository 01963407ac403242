// Draws the replacement policy's queue: as a ring if its hand goes round, else as a row. Each frame is in a list of the
// document too, with all that the policy knows of it.

import { ACTIVE, colourOf } from '../draw/palette.ts';
import { ringCell, ringPlaces } from '../draw/ring.ts';
import { observed } from '../store/machine/observation.ts';
import {
  agingRank,
  HAND_IN_ROW,
  nruClass,
  type Queue,
  type Queued,
  ROUND,
} from '../store/machine/replacement-queue.ts';
import { looking, selectedFrame, selectFrame } from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { text } from '../text/text.ts';

/** As many cells are drawn, those first to which the policy comes first. */
const MOST_IN_RING = 48;
const MOST_IN_ROW = 96;

export function QueueView({ queue }: { readonly queue: Queue | undefined }) {
  if (queue === undefined) return <p class="hint queue">{text.replacement.tooMany}</p>;
  const { policy, frames, next } = queue;
  const isRing = ROUND.has(policy) && frames.length > 1;
  const shown = frames.slice(0, isRing ? MOST_IN_RING : MOST_IN_ROW);
  const victim = frames.find(({ frame }) => next.has(frame));
  return (
    <figure class="queue" data-queue={policy} data-next={[...next].join(' ')}>
      {frames.length === 0 ? (
        <p class="hint">{text.replacement.empty}</p>
      ) : (
        <>
          {isRing && <Ring queue={queue} shown={shown} />}
          <Row queue={queue} shown={shown} isUnseen={isRing} />
        </>
      )}
      <figcaption>
        {victim !== undefined && (
          <b class="digits">
            {next.size === 1
              ? text.replacement.nextIs(victim.frame, victim.page)
              : text.replacement.nextIsOneOf(next.size)}
          </b>
        )}{' '}
        {policy === 'rule' && <span class="hint">{text.replacement.nextIsForTheRule}</span>}{' '}
        {frames.length > shown.length && (
          <span class="hint">{text.replacement.more(frames.length - shown.length)}</span>
        )}
      </figcaption>
    </figure>
  );
}

/** What the policy itself remembers of a frame. */
function noteOf({ policy }: Queue, queued: Queued): string {
  if (policy === 'aging') return (agingRank(queued) & 255).toString(2).padStart(8, '0');
  return policy === 'nru' ? `${nruClass(queued)}` : '';
}

function noteWords(queue: Queue, queued: Queued): string {
  const note = noteOf(queue, queued);
  if (note === '') return '';
  return queue.policy === 'aging' ? text.replacement.counter(note) : text.replacement.class(+note);
}

function describe(queue: Queue, queued: Queued, at: number): string {
  const names = observed.processes
    .peek()
    .filter(({ index }) => queued.processes.includes(index))
    .map(({ name }) => name);
  return text.replacement.cell(
    queued.frame,
    queued.page,
    names.join(', '),
    {
      accessed: queued.accessed,
      dirty: queued.dirty,
      isNext: queue.next.has(queued.frame),
      isAtHand: queue.hand === at,
    },
    noteWords(queue, queued),
  );
}

/** The marks of the grids: a tick for the accessed bit, a dot for the dirty one. */
function Marks({ queued, ink }: { readonly queued: Queued; readonly ink: string }) {
  return (
    <>
      {queued.accessed && <path d="M18 0H30V12Z" fill={ink} />}
      {queued.dirty && <circle cx="5.5" cy="5.5" r="3" fill={ink} />}
    </>
  );
}

interface Shown {
  readonly queue: Queue;
  readonly shown: readonly Queued[];
}

function Row({ queue, shown, isUnseen }: Shown & { readonly isUnseen: boolean }) {
  const { fill, ink } = colourOf(theme.value, ACTIVE);
  const [first, last] = text.replacement.ends[queue.policy];
  return (
    <div class={isUnseen ? 'unseen' : 'queue-row'}>
      {!isUnseen && <span class="queue-end">{first}</span>}
      <ol aria-label={text.replacement.queue(queue.frames.length)}>
        {shown.map((queued, at) => {
          const isNext = queue.next.size === 1 && queue.next.has(queued.frame);
          const isAtHand = queue.hand === at;
          const isSelected = looking.value === 'frame' && selectedFrame.value === queued.frame;
          return (
            <li key={queued.frame} data-queued={queued.frame} title={describe(queue, queued, at)}>
              {isUnseen ? (
                describe(queue, queued, at)
              ) : (
                <>
                  <button
                    type="button"
                    class={isNext ? 'queue-cell victim' : 'queue-cell'}
                    aria-pressed={isSelected}
                    aria-label={describe(queue, queued, at)}
                    onClick={() => selectFrame(queued.frame)}
                  >
                    <svg width="30" height="30" viewBox="0 0 30 30" aria-hidden="true">
                      <rect width="30" height="30" rx="4" fill={fill} />
                      <Marks queued={queued} ink={ink} />
                      <text x="15" y="19.5" fill={ink} font-size="11" text-anchor="middle">
                        {text.replacement.matrix.pageNumber(queued.page)}
                      </text>
                    </svg>
                  </button>
                  <span class="digits queue-frame">{text.frameNumber(queued.frame)}</span>
                  {noteOf(queue, queued) !== '' && (
                    <span class="digits queue-note">{noteOf(queue, queued)}</span>
                  )}
                  <span class="queue-mark">
                    {isNext
                      ? text.replacement.next
                      : isAtHand && HAND_IN_ROW.has(queue.policy)
                        ? text.replacement.hand
                        : ''}
                  </span>
                </>
              )}
            </li>
          );
        })}
      </ol>
      {!isUnseen && last !== '' && <span class="queue-end">{last}</span>}
    </div>
  );
}

const SIZE = { width: 300, height: 132 };
const SHAPE = { x: 150, y: 66, radiusX: 126, radiusY: 44 };
/** A cell that is smaller has no words. */
const LEAST_FOR_WORDS = 19;

function Ring({ queue, shown }: Shown) {
  const { fill, ink } = colourOf(theme.value, ACTIVE);
  // Frames keep their places while the hand goes round: the lowest of them is at the top.
  const frames = shown.map(({ frame }) => frame);
  const top = frames.indexOf(Math.min(...frames));
  const places = ringPlaces(shown.length, SHAPE);
  const placeOf = (at: number) =>
    places[(at - top + shown.length) % shown.length] ?? { x: SHAPE.x, y: SHAPE.y };
  const side = ringCell(shown.length, SHAPE, 30);
  const hand = placeOf(queue.hand ?? 0);
  const [dx, dy] = [hand.x - SHAPE.x, hand.y - SHAPE.y];
  const reach = 1 - (side / 2 + 5) / Math.hypot(dx, dy);
  const tip = { x: SHAPE.x + dx * reach, y: SHAPE.y + dy * reach };
  const angle = (Math.atan2(dy, dx) * 180) / Math.PI;
  return (
    <svg
      class="queue-ring"
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      width={SIZE.width}
      height={SIZE.height}
      aria-hidden="true"
    >
      <ellipse
        cx={SHAPE.x}
        cy={SHAPE.y}
        rx={SHAPE.radiusX}
        ry={SHAPE.radiusY}
        fill="none"
        stroke="currentColor"
        stroke-opacity="0.25"
      />
      <g
        stroke="currentColor"
        stroke-width="2"
        fill="currentColor"
        data-hand={frames[queue.hand ?? 0]}
      >
        <path d={`M${SHAPE.x} ${SHAPE.y}L${tip.x} ${tip.y}`} fill="none" />
        <path
          d="M0 0L-8 -4.5V4.5Z"
          stroke="none"
          transform={`translate(${tip.x} ${tip.y}) rotate(${angle})`}
        />
        <circle cx={SHAPE.x} cy={SHAPE.y} r="3" stroke="none" />
      </g>
      {shown.map((queued, at) => {
        const { x, y } = placeOf(at);
        const isNext = queue.next.size === 1 && queue.next.has(queued.frame);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the list beside it has the frames for a keyboard
          <g
            key={queued.frame}
            class="ring-cell"
            transform={`translate(${x - side / 2} ${y - side / 2}) scale(${side / 30})`}
            onClick={() => selectFrame(queued.frame)}
          >
            <title>{describe(queue, queued, at)}</title>
            {isNext && (
              <rect
                x="-3"
                y="-3"
                width="36"
                height="36"
                rx="7"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
              />
            )}
            <rect width="30" height="30" rx="4" fill={fill} />
            <Marks queued={queued} ink={ink} />
            {side >= LEAST_FOR_WORDS && (
              <>
                <text x="15" y="17" fill={ink} font-size="11" text-anchor="middle">
                  {text.replacement.matrix.pageNumber(queued.page)}
                </text>
                <text x="15" y="27" fill={ink} font-size="8.5" text-anchor="middle">
                  {text.frameNumber(queued.frame)}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}
