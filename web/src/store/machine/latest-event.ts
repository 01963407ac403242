// Finds what happened last on the machine, of all that its rings hold.

import type { MachineViews } from '../../engine/views.ts';
import type { MachineEvent } from '../../engine/words.ts';
import type { ToldEvent } from '../../types/told-event.ts';

/** Whether it comes after another. */
function isAfter(one: MachineEvent, other: MachineEvent | undefined): boolean {
  if (other === undefined || one.time !== other.time) return one.time > (other?.time ?? -1);
  return one.order > other.order;
}

/** What happened last; nothing on a machine at boot. `nameOf` names the process with an index. */
export function latestEvent(
  machine: MachineViews,
  nameOf: (process: number) => string | undefined,
): ToldEvent | undefined {
  let latest: MachineEvent | undefined;
  for (let ring = 0; ring < machine.rows; ring++) {
    const last = machine.events(ring, machine.eventHead(ring) - 1).events.at(-1);
    if (last !== undefined && isAfter(last, latest)) latest = last;
  }
  if (latest === undefined) return undefined;
  const process = latest.process === null ? undefined : nameOf(latest.process);
  return {
    kind: machine.layout.event_kinds[latest.kind] ?? '',
    number: latest.number,
    ...(process !== undefined && { process }),
  };
}
