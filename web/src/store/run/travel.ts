// Moves a virtual machine to a place of its run, in legs, so that what is passed on the way is shown. While a leg is
// under way no frame is drawn, so every drawn frame shows the machine at one place of its run, exactly.

import { batch } from '@preact/signals';
import type { Journey, Sought, Target, Way } from '../../engine/client.ts';
import type { Op } from '../../generated/types.d.ts';
import { presentation } from '../animation/presentation.ts';
import { nameProcesses, observed } from '../machine/observation.ts';
import { loop } from '../page/loop.ts';
import { commonLines, deedOf, scriptOf } from '../script/document.ts';
import { ask, era, isOpen, scenario } from './open-machine.ts';
import { known } from './playhead.ts';

/** How long a leg runs on, in milliseconds, before it shows where it is. */
const LEG_MS = 60;
/** A journey that takes longer than a moment is to be over soon, and shows seldomer where it is. */
const MOMENT_MS = 600;
const LONG_LEG_MS = 240;
/** After a leg as long as this all is told at once, and not a part in each of the next frames: they may be far apart. */
const LONG_MS = 50;

/** The script that a machine follows; one that was just opened follows none. */
let followed: { era: number; script: readonly Op[] } | undefined;
let halted = false;

/** Ends the journey under way at the place it has come to, and returns when the worker has heard of it, or is gone. */
export async function halt(): Promise<void> {
  halted = true;
  await ask((machine) => machine.stop());
}

/** When so many lines of the script have ended, as far as the run is known. */
function endOf(lines: number): number {
  return lines === 0 ? 0 : (known.lines()[lines - 1]?.end?.time_ns ?? 0);
}

/** One leg: to the target, or until `within` is over. Nothing if the machine is gone. */
export async function leg(target: Target, way: Way = {}): Promise<Journey | undefined> {
  const script = scriptOf(scenario.value);
  const isOther = followed?.script !== script || followed.era !== era();
  const begin = performance.now();
  loop.held = true;
  try {
    if (isOther) {
      if (followed?.era === era()) observed.rewritten(endOf(commonLines(followed.script, script)));
      await ask((machine) => machine.follow(script.map(deedOf)));
      followed = { era: era(), script };
    }
    const journey = await ask((machine) => machine.go(target, way));
    if (journey === undefined) return undefined;
    const { jumped } = journey;
    batch(() => {
      known.landed(journey);
      nameProcesses(journey.processes);
      if (jumped) observed.goneBack(journey.stand.time_ns);
      observed.goneOn();
    });
    return journey;
  } finally {
    loop.held = false;
    if (performance.now() - begin >= LONG_MS) observed.readNow();
    loop.request();
  }
}

/** Goes there, and shows now and then where it is. */
export async function travel(
  target: Target,
  stops: Sought[] = [],
  passed: (journey: Journey) => void = () => undefined,
): Promise<Journey | undefined> {
  halted = false;
  const begin = performance.now();
  while (isOpen()) {
    const within = performance.now() - begin < MOMENT_MS ? LEG_MS : LONG_LEG_MS;
    const way: Way = { within, ...(stops.length > 0 && { stops }) };
    const journey = await leg(target, way);
    if (journey === undefined) return undefined;
    passed(journey);
    const { reached, stoppedBy, stand } = journey;
    // The last line has ended, and there is no more to run.
    const isOver = !stand.under_way && stand.line >= scriptOf(scenario.value).length;
    if (reached || stoppedBy.length > 0 || isOver || halted || isBack(target)) return journey;
    presentation.pass();
    await nextFrame();
  }
  return undefined;
}

/** One that looks back ends where it ends: at what it looked for, or at the beginning. */
function isBack(target: Target): boolean {
  return 'previous' in target || ('step' in target && target.step === 'back');
}

/** A page that is hidden draws no frames, and goes on all the same. */
const HIDDEN_FRAME_MS = 100;

/** When the next frame has been drawn, or would have been, were the page not hidden. */
export function nextFrame(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, HIDDEN_FRAME_MS));
  return Promise.race([loop.whenDrawn(), late]);
}
