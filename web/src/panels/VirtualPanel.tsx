import { useRef } from 'preact/hooks';
import type { MachineViews } from '../engine/views.ts';
import { decodePte } from '../engine/words.ts';
import { presentation } from '../store/animation/presentation.ts';
import { shown } from '../store/animation/shown.ts';
import { captionOfPage, describePage } from '../store/machine/describe.ts';
import { isAlive, readPages, readWord, type Word } from '../store/machine/grid-reader.ts';
import { observed, type ProcessRow } from '../store/machine/observation.ts';
import {
  isBeside,
  mapsSought,
  radixOf,
  selectIn,
  sought,
  tablesShown,
  toggleBeside,
} from '../store/machine/page-tables.ts';
import {
  following,
  hoveredFrame,
  hoveredPage,
  looking,
  selectedPage,
  selectedPages,
  selectFrame,
  selectPagesTo,
} from '../store/page/selection.ts';
import { status, usable } from '../store/run/open-machine.ts';
import { openPageMenu } from '../store/visit/menu.ts';
import { hint } from '../store/visit/story.ts';
import { text } from '../text/text.ts';
import { CellGrid } from './CellGrid.tsx';
import { Gauges } from './Gauges.tsx';
import { Panel } from './Panel.tsx';
import { TableKeys } from './table-keys.ts';
import './VirtualPanel.css';

const STATES = [0, 2, 3, 7, 5, 4, 6];

/** What is said where no process is selected; nothing while the story is told. */
const HINTS = { none: '', play: text.pagesAppear, act: text.selectProcess } as const;

/** The selected page in words, and how many are selected with it. */
function describeSelection(page: number): string {
  const { first, last } = selectedPages.value;
  return describePage(page) + (last > first ? text.pagesSelected(first, last) : '');
}

/** The page table of the selected process, and others beside it. */
export function VirtualPanel() {
  const row = observed.selected.value;
  const machine = observed.machine.value;
  observed.version.value;
  const hovered = hoveredPage.value;
  const tables = tablesShown.value;
  const tableKeys = useRef(new TableKeys()).current;
  const keys = tableKeys.of(
    tables.map(({ index }) => index),
    row?.index ?? -1,
  );
  return (
    <Panel
      name="virtual"
      title={text.panels.virtual}
      caption={row === undefined ? '' : text.virtualCaption(row.name, row.pages)}
      controls={row !== undefined && <Beside selected={row} />}
      readout={hovered >= 0 ? describePage(hovered) : ''}
    >
      {row === undefined || machine === undefined ? (
        <p class="hint">
          {HINTS[hint.value]}
          {!usable.value && status.value.kind !== 'opening' ? text.status.closed : ''}
        </p>
      ) : (
        <>
          <div class="tables">
            {tables.map((table) => (
              <section
                key={keys.get(table.index)}
                class={table.name === row.name ? 'table chosen' : 'table'}
                data-table={table.name}
                aria-label={text.tables.of(table.name)}
              >
                {tables.length > 1 && (
                  <header class="table-head">
                    <Radix machine={machine} row={table} />
                    {table.name !== row.name && <Hide name={table.name} />}
                  </header>
                )}
                <Table row={table} isSelected={table.name === row.name} among={tables.length} />
              </section>
            ))}
          </div>
          <Gauges
            of="pages"
            label={`${text.panels.virtual}, ${text.number(row.pages)}`}
            names={text.pageStates}
            meanings={text.pageStateMeanings}
            counts={shown.pageCounts.value}
            states={STATES}
          />
        </>
      )}
    </Panel>
  );
}

/** Takes a table away from beside the selected one. */
function Hide({ name }: { name: string }) {
  return (
    <button
      type="button"
      class="table-hide"
      aria-label={text.tables.hide(name)}
      title={text.tables.hide(name)}
      data-hide={name}
      onClick={() => toggleBeside(name)}
    >
      ×
    </button>
  );
}

/** Which tables could be put beside those that are shown. */
function Beside({ selected }: { selected: ProcessRow }) {
  const others = observed.processes.value.filter(
    (row) => isAlive(row) && row.name !== selected.name && !isBeside(row.name),
  );
  if (others.length === 0) return null;
  return (
    // Its words are no legend: WebKit gives that a line of its own.
    <fieldset class="beside" aria-label={text.tables.beside}>
      <span class="hint" aria-hidden="true">
        {text.tables.beside}
      </span>
      {others.map(({ name }) => (
        <button
          key={name}
          type="button"
          class="chip"
          data-beside={name}
          onClick={() => toggleBeside(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}

/** Tables that are named one by one. */
const MOST_NAMED = 6;

/** A process's directory and tables: the frames that they are in. */
function Radix({ machine, row }: { machine: MachineViews; row: ProcessRow }) {
  observed.version.value;
  const { directory, tables } = radixOf(machine, row);
  return (
    <p class="radix">
      <strong>{row.name}</strong>
      <RadixPart word={text.tables.directory} frame={directory} />
      {tables.slice(0, MOST_NAMED).map((table, at) => (
        <RadixPart
          key={table}
          word={at === 0 ? text.tables.tables(tables.length) : ''}
          frame={table}
        />
      ))}
    </p>
  );
}

/** A frame that the tree is in, and the word before it: they are shown together, or neither. */
function RadixPart({ word, frame }: { word: string; frame: number }) {
  return (
    <span class="radix-part">
      {' '}
      {word !== '' && <span class="hint">{`${word} `}</span>}
      <FrameLink frame={frame} />
    </span>
  );
}

function FrameLink({ frame }: { frame: number }) {
  return (
    <button
      type="button"
      class="link digits"
      title={text.inspector.frame(frame)}
      onClick={() => selectFrame(frame)}
      onPointerEnter={() => {
        hoveredFrame.value = frame;
      }}
      onPointerLeave={() => {
        hoveredFrame.value = -1;
      }}
    >
      {text.frameNumber(frame)}
    </button>
  );
}

/** The frame that a page of a process is in, or -1. */
function frameIn(machine: MachineViews, row: ProcessRow, page: number): number {
  if (page < 0 || page >= row.pages) return -1;
  const { low, high } = readWord(machine, row, page);
  const pte = decodePte(low, high);
  return pte.state === 'valid' || pte.state === 'transition' ? pte.number : -1;
}

/** The page of this table that maps what is pointed at, else selected. */
function linkedIn(row: ProcessRow): number[] {
  const machine = observed.machine.value;
  const page = machine === undefined ? -1 : mapsSought(machine, row, sought());
  return page < 0 ? [] : [page];
}

/** A page's PTE as the screen shows it: an event that is still to be played has not changed it. */
function shownWord(row: ProcessRow, page: number): Word {
  const machine = observed.machine.value;
  if (machine === undefined) return { low: 0, high: 0 };
  return presentation.word(row.index, page, readWord(machine, row, page));
}

/** One table. What is pointed at in one beside the selected one is shown wherever it is mapped. */
function Table(props: {
  readonly row: ProcessRow;
  readonly isSelected: boolean;
  /** How many tables share the room. */
  readonly among: number;
}) {
  const { row, isSelected, among } = props;
  observed.version.value;
  const looks = useRef(new Uint8Array(row.pages));
  const tally = useRef(new Uint32Array(8)).current;
  if (looks.current.length !== row.pages) looks.current = new Uint8Array(row.pages);
  const looksBeside = () => {
    const machine = observed.machine.value;
    if (machine !== undefined) {
      readPages(machine, machine.process(row.index), looks.current, tally);
    }
    return presentation.looks('pages', looks.current, row.index);
  };
  const label = text.virtualCaption(row.name, row.pages);
  const { first, last } = selectedPages.value;
  return (
    <CellGrid
      id={isSelected ? 'pages' : `pages-${row.index}`}
      label={isSelected ? `${text.panels.virtual}: ${label}` : label}
      of="pages"
      count={row.pages}
      gutter={among > 1 ? 30 : 44}
      stackedShare={among > 1 ? 0.2 : 0.32}
      looks={isSelected ? () => presentation.looks('pages', observed.pageLooks()) : looksBeside}
      selected={isSelected ? selectedPage.value : Math.min(selectedPage.value, row.pages - 1)}
      caption={(page) => captionOfPage(shownWord(row, page))}
      kept={following.value ? selectedPage.value : -1}
      onSelect={(page) => selectIn(row, page)}
      {...(isSelected && {
        onExtend: selectPagesTo,
        onMenu: openPageMenu,
      })}
      onHover={(page) => {
        const machine = observed.machine.value;
        if (isSelected) hoveredPage.value = page;
        else hoveredFrame.value = machine === undefined ? -1 : frameIn(machine, row, page);
      }}
      describe={isSelected ? describeSelection : (page) => describePage(page, row)}
      marks={() => {
        if (!isSelected) return { owned: [], linked: linkedIn(row), selected: -1, hovered: -1 };
        const points = hoveredFrame.value >= 0 || looking.value === 'frame';
        return {
          owned: [],
          linked: points ? linkedIn(row) : [],
          selected: selectedPage.value,
          ...(last > first && { range: { first, last } }),
          hovered: hoveredPage.value,
        };
      }}
    />
  );
}
