// Takes a place of the run to go to: an event's number, a virtual time or a line. It also shows the hash of the
// machine's state.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { closeDialog } from '../store/page/open-dialog.ts';
import { playhead } from '../store/run/playhead.ts';
import { imageHash } from '../store/run/session.ts';
import { goTo } from '../store/run/transport.ts';
import { targetFrom } from '../store/run/typed-target.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { DialogFoot } from '../widgets/DialogFoot.tsx';

export function GoToDialog() {
  const words = useSignal('');
  const isWrong = useSignal(false);
  const hash = useSignal('');
  const stand = playhead.value;
  useEffect(() => {
    hash.value = '';
    void imageHash().then((told) => {
      if (playhead.peek() === stand) hash.value = told;
    });
  }, [stand, hash]);
  const submit = (event: Event) => {
    event.preventDefault();
    const target = targetFrom(words.value);
    isWrong.value = target === undefined;
    if (target === undefined) return;
    closeDialog();
    void goTo(target);
  };
  return (
    <Dialog onClose={closeDialog} name="go-to" title={text.goTo.title} note={text.goTo.note}>
      <form class="dialog-form" onSubmit={submit}>
        <label class="field">
          <span>{text.goTo.label}</span>
          <input
            name="place"
            value={words.value}
            autocomplete="off"
            spellcheck={false}
            placeholder={text.goTo.example}
            aria-invalid={isWrong.value}
            aria-describedby="go-to-wrong"
            onInput={(event) => {
              words.value = event.currentTarget.value;
              isWrong.value = false;
            }}
          />
        </label>
        <p id="go-to-wrong" role="alert" hidden={!isWrong.value}>
          {isWrong.value && text.goTo.wrong(words.value)}
        </p>
        <dl class="facts">
          <dt>{text.goTo.hash}</dt>
          <dd class="digits" data-hash="image">
            {hash.value}
          </dd>
        </dl>
        <DialogFoot onCancel={closeDialog} submit={text.goTo.go} />
      </form>
    </Dialog>
  );
}
