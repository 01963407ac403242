import { observed } from '../store/machine/observation.ts';
import { selectedPage, selectPage } from '../store/page/selection.ts';
import { offset, spawnPages, value } from '../store/visit/commands.ts';
import { text } from '../text/text.ts';
import { NumberField } from '../widgets/NumberField.tsx';
import { CommandButton } from './CommandButton.tsx';
import { CpuStrip } from './CpuStrip.tsx';
import { Panel } from './Panel.tsx';
import './Actions.css';

/** What can be done to the selected process and page; each becomes a line of the script. */
export function Actions() {
  const row = observed.selected.value;
  return (
    <Panel name="actions" title={text.panels.actions} caption={row?.name ?? ''}>
      <div class="action-row">
        <CommandButton command="spawn" />
        <NumberField
          label={text.fields.pages}
          name="spawn-pages"
          value={spawnPages.value}
          min={1}
          max={262_144}
          onChange={(pages) => {
            spawnPages.value = pages;
          }}
        />
      </div>
      <div class="action-grid two">
        <CommandButton command="fork" />
        <CommandButton command="kill" />
        <CommandButton command="sleep" />
        <CommandButton command="wake" />
      </div>
      <CpuStrip />
      <div class="action-row fields">
        <NumberField
          label={text.fields.page}
          name="page"
          value={selectedPage.value}
          min={0}
          max={Math.max(0, (row?.pages ?? 1) - 1)}
          onChange={selectPage}
        />
        <NumberField
          label={text.fields.offset}
          name="offset"
          value={offset.value}
          min={0}
          max={4088}
          step={8}
          onChange={(next) => {
            offset.value = next - (next % 8);
          }}
        />
        <NumberField
          label={text.fields.value}
          name="value"
          value={value.value}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          onChange={(next) => {
            value.value = next;
          }}
        />
      </div>
      <div class="action-grid three">
        <CommandButton command="write" />
        <CommandButton command="read" />
        <CommandButton command="evict" />
      </div>
      <div class="action-grid two">
        <CommandButton command="unmap" />
        <CommandButton command="map" />
      </div>
      <CommandButton command="run" className="wide" />
    </Panel>
  );
}
