// Opens the pictures of the scenario's references, which are loaded when they are first opened.

import { useEffect, useState } from 'preact/hooks';
import { closeDialog, openDialog } from '../store/page/open-dialog.ts';
import { countPictures, endPictures, pictures } from '../store/run/pictures.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import type { PicturesView } from './PicturesView.tsx';

export function PicturesDialog() {
  const [View, setView] = useState<typeof PicturesView>();
  useEffect(() => {
    void countPictures();
    void import('./PicturesView.tsx').then((loaded) => setView(() => loaded.PicturesView));
    return endPictures;
  }, []);
  const now = pictures.value;
  const trace = now?.trace;
  const isDone = now?.heat !== undefined && now.reuse !== undefined;
  return (
    <Dialog
      onClose={closeDialog}
      name="pictures"
      title={text.pictures.title}
      note={text.pictures.note}
      wide={true}
    >
      <p class="pictures-state" role="status">
        {trace !== undefined && (
          <b>{text.pictures.of(now?.name ?? '', trace.references, trace.pages)}</b>
        )}{' '}
        {now?.message !== undefined
          ? text.pictures.failed(now.message)
          : !isDone && text.pictures.counting}
      </p>
      {View !== undefined && now !== undefined && <View pictures={now} />}
      <p>
        <button
          type="button"
          class="link"
          data-open="thrashing"
          onClick={() => {
            openDialog('thrashing');
          }}
        >
          {text.thrashing.open}
        </button>
      </p>
    </Dialog>
  );
}
