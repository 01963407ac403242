import { closeDialog } from '../store/dialogs.ts';
import { openEmpty } from '../store/links.ts';
import { presets } from '../store/presets.ts';
import { scriptOf } from '../store/script.ts';
import { load } from '../store/session.ts';
import { number, text } from '../text.ts';
import { Dialog } from './Dialog.tsx';

export function PresetsDialog() {
  return (
    <Dialog name="presets" title={text.dialogs.presetsTitle} note={text.dialogs.presetsNote}>
      <ul class="presets">
        {presets.map(({ name, scenario }) => (
          <li key={name}>
            <button
              type="button"
              class="preset"
              data-preset={name}
              onClick={() => {
                closeDialog();
                void load(scenario);
              }}
            >
              <span class="preset-title">{scenario.title ?? name}</span>
              <span class="preset-facts">
                {text.presetFacts(
                  scenario.machine?.frames,
                  number(scriptOf(scenario).length),
                  scenario.runtime?.kind ?? 'virtual',
                )}
              </span>
            </button>
          </li>
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
