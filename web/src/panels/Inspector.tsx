// Shows one page or one frame whole: the word bit by bit, what the frame's entry says, and the first bytes.

import { pteLook } from '../draw/looks.ts';
import { decodePte } from '../engine/words.ts';
import { FRAME_STATES } from '../generated/machine.ts';
import { presentation } from '../store/animation/presentation.ts';
import { mappersOf } from '../store/machine/describe.ts';
import { readContents, readWord } from '../store/machine/grid-reader.ts';
import { observed, wordBefore } from '../store/machine/observation.ts';
import { selectIn } from '../store/machine/page-tables.ts';
import {
  hoveredFrame,
  hoveredPage,
  looking,
  selectedFrame,
  selectedPage,
  selectFrame,
} from '../store/page/selection.ts';
import { scenario } from '../store/run/open-machine.ts';
import { text } from '../text/text.ts';
import { Term } from '../widgets/Term.tsx';
import { Panel } from './Panel.tsx';
import { StateGlyph } from './StateGlyph.tsx';
import { Why } from './Why.tsx';
import { WordBits } from './WordBits.tsx';
import './Inspector.css';

/** What is under the pointer, else what is selected. */
export function Inspector() {
  if (hoveredPage.value >= 0) return <PageView page={hoveredPage.value} />;
  if (hoveredFrame.value >= 0) return <FrameView frame={hoveredFrame.value} />;
  return looking.value === 'frame' && selectedFrame.value >= 0 ? (
    <FrameView frame={selectedFrame.value} />
  ) : (
    <PageView page={selectedPage.value} />
  );
}

function PageView({ page }: { page: number }) {
  observed.version.value;
  const machine = observed.machine.value;
  const row = observed.selected.value;
  if (machine === undefined || row === undefined || page >= row.pages) {
    return (
      <Panel name="inspector" title={text.panels.inspector}>
        <p class="hint">{text.inspector.nothing}</p>
      </Panel>
    );
  }
  presentation.version.value;
  const word = presentation.word(row.index, page, readWord(machine, row, page));
  const pte = decodePte(word.low, word.high);
  const state = pteLook(word.low) & 7;
  const known = wordBefore.value;
  const before = known?.process === row.name && known.page === page ? known : undefined;
  const inFrame = pte.state === 'valid' || pte.state === 'transition';
  return (
    <Panel
      name="inspector"
      title={text.inspector.page(page, row.name)}
      caption={
        <>
          <StateGlyph state={state} of="pages" /> {text.pageStates[state]}
        </>
      }
    >
      <WordBits word={word} before={before} />
      {inFrame ? (
        <FrameFacts frame={pte.number} link={true} />
      ) : (
        <p class="hint">
          {pte.state === 'swapped' ? text.inspector.inSlot(pte.number) : text.inspector.noFrame}
        </p>
      )}
      <Why subject={{ of: 'page', process: row.name, number: page }} />
    </Panel>
  );
}

function FrameView({ frame }: { frame: number }) {
  observed.version.value;
  const machine = observed.machine.value;
  if (machine === undefined || frame >= machine.layout.frames) return null;
  const state = FRAME_STATES.indexOf(machine.frame(frame).state);
  return (
    <Panel
      name="inspector"
      title={text.inspector.frame(frame)}
      caption={
        <>
          <StateGlyph state={state} /> {text.frameStates[state]}
        </>
      }
    >
      <FrameFacts frame={frame} link={false} />
      <Why subject={{ of: 'frame', number: frame }} />
    </Panel>
  );
}

function FrameFacts({ frame, link }: { frame: number; link: boolean }) {
  observed.version.value;
  const machine = observed.machine.value;
  if (machine === undefined || frame >= machine.layout.frames) return null;
  const entry = machine.frame(frame);
  const owner = observed.processes.value.find(({ index }) => index === entry.process);
  const isUsed = entry.state !== 'free' && entry.state !== 'zeroed';
  const sharers =
    entry.protectedKind === null && isUsed ? mappersOf(frame, entry.page, entry.family) : [];
  const holds =
    entry.protectedKind !== null
      ? `${text.protectedKinds[entry.protectedKind]}${owner === undefined ? '' : ` of ${owner.name}`}`
      : isUsed
        ? text.inspector.holdsPage(entry.page)
        : text.inspector.none;
  return (
    <dl class="facts">
      {link && (
        <>
          <dt>
            <Term of="frame">{text.inspector.inFrame}</Term>
          </dt>
          <dd>
            <button type="button" class="link digits" onClick={() => selectFrame(frame)}>
              {text.frameNumber(frame)}
            </button>{' '}
            <StateGlyph state={FRAME_STATES.indexOf(entry.state)} size={12} />{' '}
            {text.frameStates[FRAME_STATES.indexOf(entry.state)]}
          </dd>
        </>
      )}
      {!link && (
        <>
          <dt>{text.inspector.holds}</dt>
          <dd>{holds}</dd>
        </>
      )}
      {entry.protectedKind === null && (
        <>
          <dt>
            <Term of="mapped-by">{text.inspector.shares}</Term>
          </dt>
          <dd>
            {entry.shares === 0 &&
              sharers.length === 0 &&
              (entry.ahead ? text.inspector.ahead : text.inspector.none)}
            {entry.shares !== sharers.length && (
              <span class="digits">{text.inspector.counts(entry.shares)}</span>
            )}
            {sharers.map((sharer) => (
              <button
                key={sharer.name}
                type="button"
                class="chip"
                title={text.tables.show(entry.page, sharer.name)}
                onClick={() => selectIn(sharer, entry.page)}
              >
                {sharer.name}
              </button>
            ))}
          </dd>
          <dt>
            <Term of="swap-copy">{text.inspector.slot}</Term>
          </dt>
          <dd class="digits">
            {entry.slot === 0 ? text.inspector.none : text.slotNumber(entry.slot)}
          </dd>
        </>
      )}
      {entry.state === 'active' && scenario.value.machine?.policy === 'aging' && (
        <>
          <dt>
            <Term of="aging">{text.inspector.counter}</Term>
          </dt>
          <dd class="digits" data-counter={machine.note(frame)}>
            {text.inspector.counterBits(machine.note(frame))}
          </dd>
        </>
      )}
      <dt>{text.inspector.contents}</dt>
      <dd class="digits contents">
        {readContents(machine, frame, 4).map((word, at) => (
          <span key={at}>{String(word)}</span>
        ))}
      </dd>
    </dl>
  );
}
