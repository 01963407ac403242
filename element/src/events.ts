/** The events of `<faultline-lab>`, and their types for whoever listens. */

import type { LabFault, LabProblem, Opened, Standing } from './protocol.ts';

/** The events of the element, by name, with what they carry. */
export interface FaultlineLabEvents {
  /** A scenario has been opened, and stands where it was asked to. */
  'faultline-ready': CustomEvent<Opened & { readonly standing: Standing }>;
  /** The machine stands at another place of its run. */
  'faultline-step': CustomEvent<Standing>;
  /** Faults have ended, in the order in which they stand; of many at once the first are left out, and counted. */
  'faultline-faults': CustomEvent<{
    readonly faults: readonly LabFault[];
    readonly missed: number;
  }>;
  /**
   * An attribute, a scenario or a wish was not legal, or the page did not answer. The element shows it, unless somebody who
   * listens prevents the default.
   */
  'faultline-error': CustomEvent<LabProblem>;
}

type Listener<Name extends keyof FaultlineLabEvents> = (
  this: HTMLElement,
  event: FaultlineLabEvents[Name],
) => void;

/** An element whose events are typed. */
export interface ElementWithEvents extends HTMLElement {
  addEventListener<Name extends keyof FaultlineLabEvents>(
    name: Name,
    listener: Listener<Name>,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Name extends keyof FaultlineLabEvents>(
    name: Name,
    listener: Listener<Name>,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | EventListenerOptions,
  ): void;
}
