// Shows where the playhead is in the run, with everything that moves it.

import { observed } from '../store/machine/observation.ts';
import { following } from '../store/page/selection.ts';
import { playingSpeed, SPEEDS, setSpeed } from '../store/page/settings.ts';
import { breakpoints, stoppedAt } from '../store/run/breakpoints.ts';
import { runtimeKind, scenario } from '../store/run/open-machine.ts';
import { cursor, known, playhead, playing } from '../store/run/playhead.ts';
import { scriptOf } from '../store/script/document.ts';
import { text } from '../text/text.ts';
import type { Command } from '../types/command.ts';
import { Icon } from '../widgets/Icon.tsx';
import { Term } from '../widgets/Term.tsx';
import { Caption } from './Caption.tsx';
import { CellSheet } from './CellSheet.tsx';
import { CommandButton } from './CommandButton.tsx';
import { RunStatus } from './RunStatus.tsx';
import { Scrub } from './Scrub.tsx';
import './Transport.css';

export function Transport() {
  const travels = runtimeKind.value === 'virtual';
  return (
    <>
      <fieldset class="transport" aria-label={text.transport.title}>
        <div class="transport-row">
          {travels && <Stepper unit="event" back="eventBack" forward="eventForward" />}
          {travels && <Stepper unit="fault" back="faultBack" forward="faultForward" />}
          {travels && <Speed />}
          <CommandButton command="follow" className="follow" pressed={following.value} />
          <Place />
          <RunStatus />
        </div>
        <Stopped />
      </fieldset>
      <div class="playbar">
        <CellSheet />
        <Caption />
        <div class="playbar-row">
          <Keys />
          {travels ? <Scrub /> : <p class="hint transport-note">{text.transport.threads}</p>}
        </div>
      </div>
    </>
  );
}

/** What moves the playhead by lines, or lets it run: in reach whatever the window has room for. */
function Keys() {
  return (
    <div class="transport-group">
      <CommandButton command="restart" className="icon" showKey={false}>
        <Icon name="start" />
      </CommandButton>
      <CommandButton command="back" className="icon" showKey={false}>
        <Icon name="less" />
      </CommandButton>
      <CommandButton command="play" className="icon primary" showKey={false}>
        <Icon name={playing.value ? 'pause' : 'play'} />
      </CommandButton>
      <CommandButton command="step" className="icon" showKey={false}>
        <Icon name="more" />
      </CommandButton>
      <CommandButton command="end" className="icon" showKey={false}>
        <Icon name="end" />
      </CommandButton>
      <CommandButton command="stop" className="icon" showKey={false}>
        <Icon name="stop" />
      </CommandButton>
    </div>
  );
}

/** One step back or on, of one size. */
function Stepper({
  unit,
  back,
  forward,
}: {
  unit: keyof typeof text.transport.units;
  back: Command;
  forward: Command;
}) {
  return (
    <div class="stepper">
      <CommandButton command={back} className="icon" showKey={false}>
        <Icon name="less" />
      </CommandButton>
      <Term of={unit}>{text.transport.units[unit]}</Term>
      <CommandButton command={forward} className="icon" showKey={false}>
        <Icon name="more" />
      </CommandButton>
    </div>
  );
}

function Speed() {
  return (
    <label class="speed">
      <span class="unseen">{text.fields.speed}</span>
      <select
        value={String(playingSpeed.value)}
        onChange={(event) => {
          const chosen = Number(event.currentTarget.value);
          setSpeed(SPEEDS.find((one) => one === chosen) ?? playingSpeed.value);
        }}
      >
        {SPEEDS.map((one) => (
          <option key={one} value={String(one)}>
            {text.speed(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** In figures, which change with the other text and not with every frame. */
function Place() {
  observed.version.value;
  known.version.value;
  cursor.value;
  const travels = runtimeKind.value === 'virtual';
  const total = scriptOf(scenario.value).length;
  const { events, time_ns, line, under_way } = playhead.peek();
  const on = breakpoints.value.filter((one) => one.on).length;
  return (
    <div class="place">
      {travels && (
        <>
          <span class="fact">
            {text.transport.event}{' '}
            <strong class="digits" data-place="event">
              {text.number(events)}
            </strong>
            <span class="digits"> / {text.number(known.end().events)}</span>
          </span>
          <span class="fact">
            <strong class="digits" data-place="time">
              {text.duration(time_ns)}
            </strong>
          </span>
        </>
      )}
      <span class="fact">
        {text.transport.units.line}{' '}
        <strong class="digits position">{text.script.position(line, total)}</strong>
        {under_way && text.transport.underWay(line)}
      </span>
      {travels && (
        <>
          <CommandButton command="goTo" className="quiet" />
          <CommandButton command="breakpoints" className="quiet" />
          {on > 0 && <span class="fact digits">{text.transport.breakpoints(on)}</span>}
        </>
      )}
    </div>
  );
}

/** Which breakpoint stopped the playhead where it is. */
function Stopped() {
  const subjects = stoppedAt.value;
  return (
    <p class="stopped" role="status" hidden={subjects.length === 0}>
      {subjects.length > 0 && text.transport.stopped(subjects.map(text.breakpoint))}
    </p>
  );
}
