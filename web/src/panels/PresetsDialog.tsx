import { closeDialog } from '../store/dialogs.ts';
import { draft } from '../store/drafts.ts';
import { openEmpty } from '../store/links.ts';
import { presets } from '../store/presets.ts';
import { scriptOf, textOf } from '../store/script.ts';
import { load, scenario } from '../store/session.ts';
import type { Scenario } from '../store/types.ts';
import { number, text } from '../text.ts';
import { Dialog } from './Dialog.tsx';

export function PresetsDialog() {
  const last = draft.value;
  const isElsewhere = last !== undefined && textOf(last) !== textOf(scenario.value);
  return (
    <Dialog name="presets" title={text.dialogs.presetsTitle} note={text.dialogs.presetsNote}>
      <ul class="presets">
        {isElsewhere && (
          <PresetItem
            name="draft"
            scenario={last}
            title={text.dialogs.draft(last.title || text.untitled)}
          />
        )}
        {presets.map((preset) => (
          <PresetItem
            key={preset.name}
            name={preset.name}
            scenario={preset.scenario}
            title={preset.scenario.title ?? preset.name}
          />
        ))}
        <li>
          <button
            type="button"
            class="preset"
            data-preset=""
            onClick={() => {
              closeDialog();
              void openEmpty();
            }}
          >
            <span class="preset-title">{text.dialogs.newScenario}</span>
          </button>
        </li>
      </ul>
    </Dialog>
  );
}

interface PresetItemProps {
  readonly name: string;
  readonly title: string;
  readonly scenario: Scenario;
}

function PresetItem({ name, title, scenario: offered }: PresetItemProps) {
  return (
    <li>
      <button
        type="button"
        class="preset"
        data-preset={name}
        onClick={() => {
          closeDialog();
          void load(offered);
        }}
      >
        <span class="preset-title">{title}</span>
        <span class="preset-facts">
          {text.presetFacts(
            offered.machine?.frames,
            number(scriptOf(offered).length),
            offered.runtime?.kind ?? 'virtual',
          )}
        </span>
      </button>
    </li>
  );
}
