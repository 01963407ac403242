import { scriptOf } from '../store/script.ts';
import { cursor, playing, scenario, seek, status } from '../store/session.ts';
import { PACES, pace } from '../store/settings.ts';
import { text } from '../text.ts';
import { CommandButton } from './Button.tsx';
import { Icon } from './Icon.tsx';

/** Where the script stands, and how to move in it. */
export function Transport() {
  const total = scriptOf(scenario.value).length;
  const { kind } = status.value;
  return (
    <fieldset class="transport" aria-label={text.panels.tape}>
      <CommandButton command="restart" className="icon" showKey={false}>
        <Icon name="start" />
      </CommandButton>
      <CommandButton command="back" className="icon" showKey={false}>
        <Icon name="back" />
      </CommandButton>
      <CommandButton command="play" className="icon primary" showKey={false}>
        <Icon name={playing.value ? 'pause' : 'play'} />
      </CommandButton>
      <CommandButton command="step" className="icon" showKey={false}>
        <Icon name="step" />
      </CommandButton>
      <CommandButton command="stop" className="icon" showKey={false}>
        <Icon name="stop" />
      </CommandButton>
      <input
        class="scrub"
        type="range"
        min={0}
        max={total}
        value={cursor.value}
        aria-label={text.script.scrub}
        aria-valuetext={text.script.position(cursor.value, total)}
        disabled={total === 0 || kind === 'closed'}
        onChange={(event) => void seek(Number(event.currentTarget.value))}
      />
      <span class="digits position">{text.script.position(cursor.value, total)}</span>
      <label class="pace">
        <span class="unseen">{text.fields.pace}</span>
        <select
          value={String(pace.value)}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value);
            pace.value = PACES.find((one) => one === chosen) ?? 0;
          }}
        >
          {PACES.map((one) => (
            <option key={one} value={String(one)}>
              {text.paces[one]}
            </option>
          ))}
        </select>
      </label>
      <span class={`status ${kind}`} role="status" data-status={kind}>
        {text.status[kind]}
      </span>
    </fieldset>
  );
}
