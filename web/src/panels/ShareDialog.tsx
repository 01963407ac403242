import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { share } from '../store/links.ts';
import { text } from '../text.ts';
import { Dialog } from './Dialog.tsx';

/** The address that carries the scenario: shown, selected, and copied at a press. */
export function ShareDialog() {
  const address = useSignal('');
  const copied = useSignal<'no' | 'yes' | 'failed'>('no');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    void share().then((whole) => {
      address.value = whole;
      requestAnimationFrame(() => field.current?.select());
    });
  }, [address]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address.value);
      copied.value = 'yes';
    } catch {
      copied.value = 'failed';
      field.current?.select();
    }
  };
  return (
    <Dialog name="share" title={text.dialogs.shareTitle} note={text.dialogs.shareNote}>
      <div class="share">
        <input
          ref={field}
          class="digits"
          type="text"
          name="address"
          readOnly={true}
          aria-label={text.dialogs.shareLabel}
          value={address.value}
        />
        <button type="button" class="button primary" onClick={() => void copy()}>
          {copied.value === 'yes' ? text.dialogs.copied : text.dialogs.copy}
        </button>
      </div>
      <p class="dialog-note" role="status">
        {copied.value === 'failed'
          ? text.errors.share
          : text.dialogs.shareLength(address.value.length)}
      </p>
    </Dialog>
  );
}
