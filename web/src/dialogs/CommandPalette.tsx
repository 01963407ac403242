// Finds commands by name and reads lines of the script: what is typed is looked for among the commands, and read as a
// phrase.

import { batch, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Op } from '../generated/types.d.ts';
import { ranked } from '../store/page/fuzzy.ts';
import { GROUPS, KEYS, keyOf } from '../store/page/keys.ts';
import { closeDialog } from '../store/page/open-dialog.ts';
import { scenario, usable } from '../store/run/open-machine.ts';
import { textOf } from '../store/script/document.ts';
import { PhraseProblem, readPhrase } from '../store/script/phrase.ts';
import { invoke, isPossible, paletteText, phraseDefaults, say } from '../store/visit/commands.ts';
import { mayRun } from '../store/visit/links.ts';
import { text } from '../text/text.ts';
import type { Command } from '../types/command.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import './CommandPalette.css';

const COMMANDS: readonly Command[] = GROUPS.flatMap((group) =>
  KEYS.filter((key) => key.group === group && key.command !== 'palette').map(
    ({ command }) => command,
  ),
);

/** What was typed, as lines of the script; or why it is none, if it begins like one. */
function read(typed: string): { ops: readonly Op[]; problem?: string } {
  if (typed.trim() === '') return { ops: [] };
  try {
    return { ops: readPhrase(typed, phraseDefaults()) };
  } catch (error) {
    if (!(error instanceof PhraseProblem)) throw error;
    const begins = /\s/.test(typed.trim()) && error.at > 0;
    return {
      ops: [],
      ...(begins && { problem: text.palette.problem(error.found, error.legal) }),
    };
  }
}

/** What would become of the script: its first and its last new line. */
function summary(ops: readonly Op[]): string {
  const [first, last] = [ops[0], ops.at(-1)];
  if (first === undefined || last === undefined) return '';
  const begin = `${first.op} ${text.line(first)}`;
  return first === last ? begin : `${begin}  …  ${text.line(last)}`;
}

export function Palette() {
  const typed = paletteText.value;
  const refused = useSignal('');
  const chosen = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const { ops, problem } = usable.value ? read(typed) : { ops: [] };
  // A line that says its values is meant as a line; a word alone finds the command of that name first.
  const saysMore = ops.length > 0 && /\S\s+\S/.test(typed);
  const word = typed.trim().split(/[\s=]/)[0] ?? '';
  const found = ranked(
    saysMore ? word : typed,
    COMMANDS,
    (command) => `${command} ${text.actions[command]} ${text.alsoCalled[command] ?? ''}`,
  );
  const count = found.length + (saysMore ? 1 : 0);
  const at = Math.min(chosen.value, Math.max(0, count - 1));

  useLayoutEffect(() => {
    // A value that was put there is replaced by typing.
    const input = field.current;
    const last = /\S+$/.exec(paletteText.peek())?.index ?? 0;
    input?.focus();
    input?.setSelectionRange(last, input.value.length);
  }, []);
  useLayoutEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const perform = async () => {
    const problemOf = (what: { legal: string; message: string }) => {
      refused.value = text.palette.refused(what.legal, what.message);
    };
    if (!(await mayRun(textOf({ ...scenario.value, script: [...ops] }), problemOf))) return;
    closeDialog();
    void say(typed);
  };
  const choose = (index: number) => {
    if (saysMore && index === 0) return void perform();
    const command = found[index - (saysMore ? 1 : 0)];
    if (command === undefined || !isPossible(command)) return;
    batch(() => {
      closeDialog();
      invoke(command);
    });
    // It may have asked for values, here.
    chosen.value = 0;
    requestAnimationFrame(() => {
      const input = field.current;
      if (input === null) return;
      const last = /\S+$/.exec(input.value)?.index ?? 0;
      input.setSelectionRange(last, input.value.length);
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && count > 0) chosen.value = (at + step + count) % count;
    else if (event.key === 'Enter') choose(at);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog onClose={closeDialog} name="palette" title={text.actions.palette} bare={true}>
      <input
        ref={field}
        class="palette-field"
        type="text"
        role="combobox"
        name="command"
        autocomplete="off"
        spellcheck={false}
        aria-label={text.palette.label}
        aria-expanded={true}
        aria-controls="palette-list"
        aria-activedescendant={count > 0 ? `palette-${at}` : undefined}
        placeholder={text.palette.label}
        value={typed}
        onInput={(event) => {
          paletteText.value = event.currentTarget.value;
          refused.value = '';
          chosen.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <p class="palette-hint" role="status">
        {refused.value || problem || text.palette.hint}
      </p>
      <div
        id="palette-list"
        class="palette-list"
        role="listbox"
        aria-label={text.actions.palette}
        tabIndex={-1}
      >
        {saysMore && (
          <Option index={0} selected={at === 0} possible={true} onChoose={choose}>
            <span class="palette-name">
              {ops.length === 1 ? text.palette.does : text.palette.doesMany(ops.length)}
            </span>
            <span class="palette-line">{summary(ops)}</span>
            <span class="key">↵</span>
          </Option>
        )}
        {found.map((command, place) => {
          const index = place + (saysMore ? 1 : 0);
          return (
            <Option
              key={command}
              index={index}
              command={command}
              selected={at === index}
              possible={isPossible(command)}
              onChoose={choose}
            >
              <span class="palette-name">{text.actions[command]}</span>
              <span class="palette-line">{text.phrases[command]}</span>
              <span class="key">{keyOf(command)?.label}</span>
            </Option>
          );
        })}
      </div>
      {count === 0 && <p class="hint">{text.palette.none}</p>}
    </Dialog>
  );
}

interface OptionProps {
  readonly index: number;
  readonly command?: Command;
  readonly selected: boolean;
  readonly possible: boolean;
  readonly onChoose: (index: number) => void;
  readonly children: preact.ComponentChildren;
}

function Option({ index, command, selected, possible, onChoose, children }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, and points here
    <div
      id={`palette-${index}`}
      class="palette-option"
      role="option"
      data-option={command ?? 'line'}
      aria-selected={selected}
      aria-disabled={possible ? undefined : true}
      onClick={() => onChoose(index)}
    >
      {children}
    </div>
  );
}
