// Shows what is said of the tapped cell, and what can be done to it, in a sheet over the sticky bar: there is no room
// for the inspector where there is one column.

import { useEffect, useRef } from 'preact/hooks';
import { describeFrame, describePage } from '../store/machine/describe.ts';
import { observed } from '../store/machine/observation.ts';
import { isStacked, leave, sheetOpen } from '../store/page/room.ts';
import { looking, selectedFrame, selectedPage } from '../store/page/selection.ts';
import { text } from '../text/text.ts';
import { CommandButton } from './CommandButton.tsx';
import { placeOf } from './cell-positions.ts';
import { Inspector } from './Inspector.tsx';
import './CellSheet.css';

/** Room that is kept between the cell and the sheet. */
const CLEAR = 28;

export function CellSheet() {
  return isStacked.value && sheetOpen.value ? <Sheet /> : null;
}

function Sheet() {
  const sheet = useRef<HTMLElement>(null);
  const isFrame = looking.value === 'frame' && selectedFrame.value >= 0;
  const cell = isFrame ? selectedFrame.value : selectedPage.value;
  observed.version.value;
  useEffect(() => {
    // The cell stays in sight above the sheet.
    const place = placeOf(isFrame ? 'frames' : 'pages', cell);
    const top = sheet.current?.getBoundingClientRect().top;
    if (place === undefined || top === undefined) return;
    if (place.y > top - CLEAR) scrollBy({ top: place.y - top + CLEAR, behavior: 'instant' });
  }, [isFrame, cell]);
  return (
    <section ref={sheet} class="sheet" data-sheet="cell" aria-label={text.room.sheet}>
      <header class="sheet-head">
        <p class="sheet-words" role="status">
          {!isFrame && <span class="hint">{observed.selected.value?.name} </span>}
          {isFrame ? describeFrame(cell) : describePage(cell)}
        </p>
        <button type="button" class="button icon" aria-label={text.room.closeSheet} onClick={leave}>
          ×
        </button>
      </header>
      <div class="sheet-actions">
        <CommandButton command="write" showKey={false} />
        <CommandButton command="read" showKey={false} />
        <CommandButton command="evict" showKey={false} />
        <CommandButton command="unmap" showKey={false} />
      </div>
      <Inspector />
    </section>
  );
}
