/** Defines `<faultline-lab>`, and exports its types. */

import { FaultlineLab } from './element.ts';

export { LabError } from './attributes.ts';
export type { FaultlineLabEvents } from './events.ts';
export type {
  LabFault,
  LabProblem,
  Opened,
  PanelName,
  Place,
  Standing,
  Theme,
  Unit,
} from './protocol.ts';
export { FaultlineLab };

declare global {
  interface HTMLElementTagNameMap {
    'faultline-lab': FaultlineLab;
  }
}

// A page can load it twice, and a server has no elements.
if (globalThis.customElements?.get('faultline-lab') === undefined) {
  globalThis.customElements?.define('faultline-lab', FaultlineLab);
}
