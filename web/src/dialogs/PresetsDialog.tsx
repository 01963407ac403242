// Lists the scenarios that come with the page, in groups, easiest first, and those of the visitor; each opens with a
// press, and an experiment compares its two sides with one.

import { useSignal } from '@preact/signals';
import type { Scenario } from '../generated/types.d.ts';
import { shortened } from '../share/snippets.ts';
import { groups } from '../store/library/catalogue.ts';
import { drafts, keepDraft } from '../store/library/drafts.ts';
import { ladder, type Rung, scenarioOf, sideLabel } from '../store/library/ladder.ts';
import { closeDialog, openDialog } from '../store/page/open-dialog.ts';
import { compare } from '../store/run/comparison.ts';
import { scenario } from '../store/run/open-machine.ts';
import { load } from '../store/run/session.ts';
import { scriptOf, textOf } from '../store/script/document.ts';
import { open, openEmpty } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { Thumbnail } from '../widgets/Thumbnail.tsx';
import './PresetsDialog.css';

/** Whether every word that is looked for stands in one of the texts. */
function has(words: readonly string[], ...texts: (string | undefined)[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}

export function PresetsDialog() {
  const wanted = useSignal('');
  const words = wanted.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const shown = textOf(scenario.value);
  const own = drafts.value
    .filter((draft) => textOf(draft) !== shown && has(words, draft.title, draft.about))
    .slice(0, 4);
  const shelves = groups
    .map(({ group, members }) => ({
      group,
      members: members.filter(({ name, scenario: { title, about } }) =>
        has(words, name, title, about, ...text.presets.groups[group]),
      ),
    }))
    .filter(({ members }) => members.length > 0);
  const rungs = ladder.filter(({ name, title }) =>
    has(words, name, title, ...text.presets.groups.experiments),
  );
  const isNothing = own.length + shelves.length + rungs.length === 0;
  const isBugs = ({ group }: (typeof shelves)[number]) => group === 'bugs';
  const shelfOf = ({ group, members }: (typeof shelves)[number]) => (
    <section key={group} class="preset-group" data-group={group}>
      <Heading group={group} />
      <ul class="presets">
        {members.map(({ name, scenario: offered }) => (
          <PresetItem key={name} name={name} scenario={offered} />
        ))}
        {group === 'start' && words.length === 0 && <EmptyItem />}
      </ul>
    </section>
  );
  return (
    <Dialog
      onClose={closeDialog}
      name="presets"
      title={text.presets.title}
      note={text.dialogs.presetsNote}
      wide={true}
    >
      <input
        class="preset-search"
        type="search"
        autocomplete="off"
        placeholder={text.presets.search}
        aria-label={text.presets.search}
        value={wanted.value}
        onInput={({ currentTarget }) => {
          wanted.value = currentTarget.value;
        }}
      />
      <p class="dialog-note">
        {text.traces.presetsHint}{' '}
        <button
          type="button"
          class="link"
          data-traces
          onClick={() => {
            openDialog('traces');
          }}
        >
          {text.traces.open}
        </button>
      </p>
      <div class="preset-lists">
        {own.length > 0 && (
          <section class="preset-group" data-group="drafts">
            <h3>{text.presets.drafts}</h3>
            <ul class="presets">
              {own.map((draft) => (
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
            </ul>
          </section>
        )}
        {shelves.filter((shelf) => !isBugs(shelf)).map(shelfOf)}
        {rungs.length > 0 && (
          <section class="preset-group" data-group="experiments">
            <Heading group="experiments" />
            <ul class="presets">
              {rungs.map((rung) => (
                <RungItem key={rung.name} rung={rung} />
              ))}
            </ul>
          </section>
        )}
        {shelves.filter(isBugs).map(shelfOf)}
        {isNothing && (
          <p class="hint" role="status">
            {text.presets.none}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Heading({ group }: { readonly group: keyof typeof text.presets.groups }) {
  const [title, note] = text.presets.groups[group];
  return (
    <>
      <h3>{title}</h3>
      <p class="dialog-note">{note}</p>
    </>
  );
}

function EmptyItem() {
  return (
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
        <Thumbnail script={[]} />
        <span class="preset-title">{text.dialogs.newScenario}</span>
      </button>
    </li>
  );
}

/** The two sides of an experiment: compared with one press, or opened each. */
function RungItem({ rung }: { readonly rung: Rung }) {
  const [one, other] = rung.sides;
  return (
    <li class="rung" data-rung={rung.name}>
      <span class="preset-title">{rung.title}</span>
      <span class="rung-buttons">
        <button
          type="button"
          class="button primary"
          aria-label={`${rung.title}: ${text.presets.compare(sideLabel(one), sideLabel(other))}`}
          data-rung-compare
          onClick={() => void compare(scenarioOf(rung, one), scenarioOf(rung, other))}
        >
          {text.presets.compareShort}
        </button>
        {rung.sides.map((side) => (
          <button
            key={sideLabel(side)}
            type="button"
            class="button"
            aria-label={text.presets.open(rung.title, sideLabel(side))}
            onClick={() => {
              closeDialog();
              void open(scenarioOf(rung, side));
            }}
          >
            {sideLabel(side)}
          </button>
        ))}
      </span>
    </li>
  );
}

interface PresetItemProps {
  readonly name: string;
  readonly scenario: Scenario;
  readonly title?: string;
  readonly onOpen?: () => void;
}

function PresetItem({ name, scenario: offered, title, onOpen }: PresetItemProps) {
  const script = scriptOf(offered);
  return (
    <li>
      <button
        type="button"
        class="row-button preset"
        data-preset={name}
        title={offered.about}
        onClick={() => {
          closeDialog();
          if (onOpen === undefined) void open(offered);
          else onOpen();
        }}
      >
        <Thumbnail script={script} />
        <span class="preset-title">{title ?? offered.title ?? name}</span>
        <span class="preset-facts">
          {text.presets.facts(
            offered.machine?.frames ?? offered.machine?.data_frames,
            script.length,
            script.filter(({ question }) => question !== undefined).length,
            offered.runtime?.kind === 'threads',
          )}
        </span>
        {offered.about && <span class="preset-about">{offered.about}</span>}
      </button>
    </li>
  );
}
