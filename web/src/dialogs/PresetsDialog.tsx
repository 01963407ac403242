import type { ComponentChildren } from 'preact';
import type { Scenario } from '../generated/types.d.ts';
import { shortened } from '../share/snippets.ts';
import { drafts, keepDraft } from '../store/library/drafts.ts';
import { bugs, gallery } from '../store/library/gallery.ts';
import { ladder, type Rung, scenarioOf, sideLabel } from '../store/library/ladder.ts';
import { presets } from '../store/library/presets.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { scenario } from '../store/run/open-machine.ts';
import { load } from '../store/run/session.ts';
import { scriptOf, textOf } from '../store/script/document.ts';
import { open, openEmpty } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './PresetsDialog.css';

export function PresetsDialog() {
  const shown = textOf(scenario.value);
  const elsewhere = drafts.value.filter((draft) => textOf(draft) !== shown).slice(0, 4);
  return (
    <Dialog
      onClose={closeDialog}
      name="presets"
      title={text.dialogs.presetsTitle}
      note={text.dialogs.presetsNote}
    >
      <div class="preset-lists">
        <ul class="presets">
          {elsewhere.map((draft) => (
            <PresetItem
              key={textOf(draft)}
              name="draft"
              scenario={draft}
              title={text.dialogs.draft(shortened(draft.title || text.untitled))}
              onOpen={() => {
                keepDraft(draft);
                void load(draft);
              }}
            />
          ))}
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
              class="row-button preset"
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
        <h3>{text.dialogs.galleryTitle}</h3>
        <p class="dialog-note">{text.dialogs.galleryNote}</p>
        <ul class="presets">
          {gallery.map(({ name, scenario: exhibit, about, find }) => (
            <PresetItem key={name} name={name} scenario={exhibit} title={exhibit.title ?? name}>
              <span class="preset-about">{about.join(' ')}</span>
              <span class="preset-find">{find}</span>
            </PresetItem>
          ))}
        </ul>
        <h3>{text.dialogs.bugsTitle}</h3>
        <p class="dialog-note">{text.dialogs.bugsNote}</p>
        <ul class="presets">
          {bugs.map(({ name, scenario: mistake }) => (
            <PresetItem
              key={name}
              name={`bug ${name}`}
              scenario={mistake}
              title={mistake.title ?? name}
            />
          ))}
        </ul>
        <h3>{text.dialogs.ladderTitle}</h3>
        <p class="dialog-note">{text.dialogs.ladderNote}</p>
        <ul>
          {ladder.map((rung) => (
            <RungItem key={rung.name} rung={rung} />
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function RungItem({ rung }: { readonly rung: Rung }) {
  return (
    <li class="rung" data-rung={rung.name}>
      <span class="rung-title">{rung.title}</span>
      {rung.sides.map((side) => {
        const label = sideLabel(side);
        return (
          <button
            key={label}
            type="button"
            class="button"
            aria-label={`${rung.title}: ${label}`}
            onClick={() => {
              closeDialog();
              void open(scenarioOf(rung, side));
            }}
          >
            {label}
          </button>
        );
      })}
    </li>
  );
}

interface PresetItemProps {
  readonly name: string;
  readonly title: string;
  readonly scenario: Scenario;
  readonly onOpen?: () => void;
  readonly children?: ComponentChildren;
}

function PresetItem({ name, title, scenario: offered, onOpen, children }: PresetItemProps) {
  return (
    <li>
      <button
        type="button"
        class="row-button preset"
        data-preset={name}
        onClick={() => {
          closeDialog();
          if (onOpen === undefined) void open(offered);
          else onOpen();
        }}
      >
        <span class="preset-title">{title}</span>
        <span class="preset-facts">
          {text.presetFacts(
            offered.machine?.frames,
            text.number(scriptOf(offered).length),
            offered.runtime?.kind ?? 'virtual',
          )}
        </span>
        {children}
      </button>
    </li>
  );
}
