import { observed } from '../store/machine/observation.ts';
import { selectedPage, selectPage } from '../store/page/selection.ts';
import { noteField, offset, spawnPages, value } from '../store/visit/commands.ts';
import { text } from '../text/text.ts';
import { NumberField } from '../widgets/NumberField.tsx';
import { CommandButton } from './CommandButton.tsx';
import { Panel } from './Panel.tsx';
import './Actions.css';

/** What can be done to the selected process and page, in a bar; each becomes a line of the script. */
export function Actions() {
  const row = observed.selected.value;
  return (
    <Panel name="actions" title={text.panels.actions} caption={row?.name ?? ''}>
      <div class="action-bar">
        <div class="action-group">
          <CommandButton command="spawn" />
          <NumberField
            label={text.fields.pages}
            name="spawn-pages"
            value={spawnPages.value}
            min={1}
            max={262_144}
            onLegal={(isLegal) => noteField('spawn-pages', isLegal)}
            onChange={(pages) => {
              spawnPages.value = pages;
            }}
          />
        </div>
        <div class="action-group">
          <CommandButton command="fork" />
          <CommandButton command="kill" />
          <CommandButton command="sleep" />
          <CommandButton command="wake" />
        </div>
        <div class="action-group">
          <NumberField
            label={text.fields.page}
            name="page"
            value={selectedPage.value}
            min={0}
            max={row === undefined ? Number.MAX_SAFE_INTEGER : row.pages - 1}
            onLegal={(isLegal) => noteField('page', isLegal)}
            onChange={selectPage}
          />
          <CommandButton command="read" />
          <CommandButton command="write" />
          <NumberField
            label={text.fields.value}
            name="value"
            value={value.value}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            onLegal={(isLegal) => noteField('value', isLegal)}
            onChange={(next) => {
              value.value = next;
            }}
          />
          <NumberField
            label={text.fields.offset}
            name="offset"
            value={offset.value}
            min={0}
            max={4088}
            step={8}
            onLegal={(isLegal) => noteField('offset', isLegal)}
            onChange={(next) => {
              offset.value = next;
            }}
          />
        </div>
        <div class="action-group">
          <CommandButton command="evict" />
          <CommandButton command="unmap" />
          <CommandButton command="map" />
          <CommandButton command="run" />
        </div>
      </div>
    </Panel>
  );
}
