import { useSignal } from '@preact/signals';
import { colourOf, WRITING } from '../draw/palette.ts';
import { decodePte } from '../engine/words.ts';
import { presentation } from '../store/animation/presentation.ts';
import { shown } from '../store/animation/shown.ts';
import { captionOfSlot, describeSlot } from '../store/machine/describe.ts';
import { readWord } from '../store/machine/grid-reader.ts';
import { observed } from '../store/machine/observation.ts';
import { hoveredPage, selectedPage } from '../store/page/selection.ts';
import { theme } from '../store/page/settings.ts';
import { openSlotMenu } from '../store/visit/menu.ts';
import { text } from '../text/text.ts';
import { CellGrid } from './CellGrid.tsx';
import { Panel } from './Panel.tsx';
import { SwapPlace } from './SwapPlace.tsx';
import './SwapPanel.css';

/** The slot that a page of the selected process is in, counted from 0 without slot 0; or -1. */
function slotOf(page: number): number {
  const machine = observed.machine.value;
  const row = observed.selected.value;
  if (machine === undefined || row === undefined || page < 0 || page >= row.pages) return -1;
  const { low, high } = readWord(machine, row, page);
  const pte = decodePte(low, high);
  if (pte.state === 'swapped') return pte.number - 1;
  if (pte.state === 'zero') return -1;
  return machine.frame(pte.number).slot - 1;
}

/** The swap: a gauge, and every slot. */
export function SwapPanel() {
  const machine = observed.machine.value;
  const selected = useSignal(-1);
  const hovered = useSignal(-1);
  observed.version.value;
  if (machine === undefined) return null;
  const { slots } = machine.layout;
  const used = shown.slotsUsed.value;
  return (
    <Panel
      name="swap"
      title={text.panels.swap}
      caption={slots === 0 ? text.noSwap : text.swapCaption(used, slots)}
      controls={slots > 0 && <SwapPlace />}
      readout={hovered.value >= 0 ? describeSlot(hovered.value) : ''}
    >
      {slots > 0 && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: the element cannot be drawn in the hue of a state */}
          <div
            class="meter"
            role="meter"
            aria-label={text.panels.swap}
            aria-valuemin={0}
            aria-valuemax={slots}
            aria-valuenow={used}
          >
            <span
              style={{
                width: `${(used / slots) * 100}%`,
                background: colourOf(theme.value, WRITING).fill,
              }}
            />
          </div>
          <CellGrid
            id="slots"
            label={`${text.panels.swap}: ${text.swapCaption(used, slots)}`}
            count={slots}
            first={1}
            looks={() => presentation.looks('slots', observed.slotLooks())}
            smallest={5}
            largest={24}
            caption={captionOfSlot}
            stackedShare={0.12}
            selected={selected.value}
            onSelect={(slot) => {
              selected.value = slot;
            }}
            onHover={(slot) => {
              hovered.value = slot;
            }}
            onMenu={(slot, spot) => {
              selected.value = slot;
              openSlotMenu(slot + 1, spot);
            }}
            describe={describeSlot}
            marks={() => {
              const linked = slotOf(
                hoveredPage.value >= 0 ? hoveredPage.value : selectedPage.value,
              );
              return {
                owned: [],
                linked: linked >= 0 ? [linked] : [],
                selected: selected.value,
                hovered: hovered.value,
              };
            }}
          />
        </>
      )}
    </Panel>
  );
}
