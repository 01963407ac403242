import { decodePte } from '../engine/words.ts';
import { captionOfPage, describePage } from '../store/describe.ts';
import { eye } from '../store/eye.ts';
import { openPageMenu } from '../store/menu.ts';
import { observed } from '../store/observation.ts';
import { readWord } from '../store/reader.ts';
import {
  hoveredFrame,
  hoveredPage,
  looking,
  selectedFrame,
  selectedPage,
  selectedPages,
  selectPage,
  selectPagesTo,
} from '../store/selection.ts';
import { number, text } from '../text.ts';
import { CellGrid } from './CellGrid.tsx';
import { Gauges } from './Gauges.tsx';
import { Panel } from './Panel.tsx';

const STATES = [0, 2, 3, 7, 5, 4, 6];

/** The page of the selected process that a frame holds, if it is mapped there. */
function pageIn(frame: number): number {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  if (machine === undefined || row === undefined || frame < 0) return -1;
  const entry = machine.frame(frame);
  if (entry.protectedKind !== null || entry.page >= row.pages) return -1;
  const { low, high } = readWord(machine, row, entry.page);
  const pte = decodePte(low, high);
  const maps = (pte.state === 'valid' || pte.state === 'transition') && pte.number === frame;
  return maps ? entry.page : -1;
}

/** The selected page in words, and how many are selected with it. */
function describeSelection(page: number): string {
  const { first, last } = selectedPages.value;
  return describePage(page) + (last > first ? text.pagesSelected(first, last) : '');
}

/** The page table of the selected process. */
export function VirtualPanel() {
  const row = observed.selected.value;
  observed.version.value;
  const hovered = hoveredPage.value;
  return (
    <Panel
      name="virtual"
      title={text.panels.virtual}
      caption={row === undefined ? '' : text.virtualCaption(row.name, row.pages)}
      readout={hovered >= 0 ? describePage(hovered) : ''}
    >
      {row === undefined ? (
        <p class="hint">
          {observed.machine.value === undefined ? text.status.closed : text.selectProcess}
        </p>
      ) : (
        <>
          <CellGrid
            id="pages"
            label={`${text.panels.virtual}: ${text.virtualCaption(row.name, row.pages)}`}
            count={row.pages}
            looks={() => eye.looks('pages', observed.pageLooks())}
            selected={selectedPage.value}
            onSelect={selectPage}
            onExtend={selectPagesTo}
            onMenu={openPageMenu}
            onHover={(page) => {
              hoveredPage.value = page;
            }}
            describe={describeSelection}
            caption={captionOfPage}
            marks={() => {
              const frame =
                hoveredFrame.value >= 0
                  ? hoveredFrame.value
                  : looking.value === 'frame'
                    ? selectedFrame.value
                    : -1;
              const linked = pageIn(frame);
              const { first, last } = selectedPages.value;
              return {
                owned: [],
                linked: linked >= 0 ? [linked] : [],
                selected: selectedPage.value,
                ...(last > first && { range: { first, last } }),
                hovered: hoveredPage.value,
              };
            }}
          />
          <Gauges
            label={`${text.panels.virtual}, ${number(row.pages)}`}
            names={text.pageStates}
            meanings={text.pageStateMeanings}
            counts={observed.pageCounts.value}
            states={STATES}
          />
        </>
      )}
    </Panel>
  );
}
