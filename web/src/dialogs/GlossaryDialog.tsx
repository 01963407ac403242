// Lists every term of the page with what it means.

import { closeDialog } from '../store/page/open-dialog.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './GlossaryDialog.css';

export function GlossaryDialog() {
  const terms = Object.values(text.glossary.terms).toSorted(([one], [other]) =>
    one.localeCompare(other),
  );
  return (
    <Dialog
      onClose={closeDialog}
      name="glossary"
      title={text.glossary.title}
      note={text.glossary.note}
      wide={true}
    >
      <dl class="glossary" tabIndex={0}>
        {terms.map(([name, meaning]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
