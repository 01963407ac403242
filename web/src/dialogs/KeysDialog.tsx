import { GROUPS, KEYS } from '../store/page/keys.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './KeysDialog.css';

export function KeysDialog() {
  return (
    <Dialog
      onClose={closeDialog}
      name="keys"
      title={text.dialogs.keysTitle}
      wide={true}
      note={text.dialogs.keysNote}
    >
      <div class="keys-groups">
        {GROUPS.map((group) => (
          <dl key={group} class="keys">
            {KEYS.filter((key) => key.group === group).map((key) => (
              <div key={key.key}>
                <dt>
                  <kbd class="key">{key.label}</kbd>
                </dt>
                <dd>{text.actions[key.command]}</dd>
              </div>
            ))}
          </dl>
        ))}
      </div>
    </Dialog>
  );
}
