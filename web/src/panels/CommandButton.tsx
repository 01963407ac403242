import type { ComponentChildren } from 'preact';
import { keyOf } from '../store/page/keys.ts';
import { invoke, isPossible } from '../store/visit/commands.ts';
import { text } from '../text/text.ts';
import type { Command } from '../types/command.ts';

interface CommandButtonProps {
  readonly command: Command;
  /** Instead of the command's own words; they stay its accessible name. */
  readonly children?: ComponentChildren;
  readonly className?: string;
  readonly showKey?: boolean;
  /** Of a command that is on or off: which. */
  readonly pressed?: boolean;
}

/** A button that does a command, with its key upon it. */
export function CommandButton({
  command,
  children,
  className = '',
  showKey = true,
  pressed,
}: CommandButtonProps) {
  const key = keyOf(command);
  const label = text.actions[command];
  return (
    <button
      type="button"
      class={`button ${className}`}
      disabled={!isPossible(command)}
      onClick={() => invoke(command)}
      aria-label={children === undefined ? undefined : label}
      aria-pressed={pressed}
      aria-keyshortcuts={key?.label}
      title={key === undefined ? label : `${label} (${key.label})`}
      data-command={command}
    >
      <span class="button-label">{children ?? label}</span>
      {showKey && key !== undefined && (
        <span class="key" aria-hidden="true">
          {key.label}
        </span>
      )}
    </button>
  );
}
