// Lists the keys. Each can be changed by pressing another, and those that are single characters can be switched off.

import { useSignal } from '@preact/signals';
import { chosenKeys, hasSingleKeys, isSingle } from '../store/page/key-choices.ts';
import { chooseKey, forgetKeys, GROUPS, presentKeys } from '../store/page/keys.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { text } from '../text/text.ts';
import type { Command } from '../types/command.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './KeysDialog.css';

export function KeysDialog() {
  const awaited = useSignal<Command | undefined>(undefined);
  const said = useSignal('');
  const isChanged = Object.keys(chosenKeys.value).length > 0 || !hasSingleKeys.value;
  const onKeyDown = (event: KeyboardEvent) => {
    const command = awaited.value;
    if (command === undefined || event.isComposing) return;
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    awaited.value = undefined;
    if (event.key === 'Escape') {
      said.value = '';
      return;
    }
    const why = chooseKey(command, event);
    said.value =
      why === undefined
        ? text.keys.changed(text.actions[command])
        : text.keys.taken(event.key, why);
  };
  return (
    <Dialog
      onClose={closeDialog}
      name="keys"
      title={text.dialogs.keysTitle}
      wide={true}
      note={text.dialogs.keysNote}
    >
      <div class="keys-choices">
        <label class="choice">
          <input
            type="checkbox"
            name="single-keys"
            checked={hasSingleKeys.value}
            onChange={({ currentTarget }) => {
              hasSingleKeys.value = currentTarget.checked;
            }}
          />
          <span>{text.keys.single}</span>
        </label>
        <button
          type="button"
          class="button"
          data-keys="usual"
          disabled={!isChanged}
          onClick={forgetKeys}
        >
          {text.keys.usual}
        </button>
        <p class="hint" role="status">
          {awaited.value === undefined ? said.value || text.keys.hint : text.keys.press}
        </p>
      </div>
      <div class="keys-groups" onKeyDownCapture={onKeyDown}>
        {GROUPS.map((group) => (
          <dl key={group} class="keys">
            {presentKeys.value
              .filter((key) => key.group === group)
              .map(({ key, label, command }) => {
                const isOff = isSingle(key) && !hasSingleKeys.value;
                const isAwaited = awaited.value === command;
                return (
                  <div key={command} data-key-of={command} class={isOff ? 'off' : ''}>
                    <dt>
                      <button
                        type="button"
                        class="key-change"
                        aria-label={text.keys.change(
                          text.actions[command],
                          isOff ? text.keys.off : label,
                        )}
                        aria-pressed={isAwaited}
                        onClick={() => {
                          awaited.value = isAwaited ? undefined : command;
                        }}
                        onBlur={() => {
                          if (awaited.value === command) awaited.value = undefined;
                        }}
                      >
                        <kbd class="key">{isAwaited ? '…' : label}</kbd>
                      </button>
                    </dt>
                    <dd>{text.actions[command]}</dd>
                  </div>
                );
              })}
          </dl>
        ))}
      </div>
    </Dialog>
  );
}
