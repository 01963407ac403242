/**
 * Types for React: `import type {} from 'faultline-lab/react'` makes `<faultline-lab>` known to JSX. React gives what it does not
 * know to the element, as an attribute or a property, and listens to its events.
 */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { FaultlineLab, FaultlineLabEvents, Theme } from './dist/index.js';

interface FaultlineLabAttributes extends HTMLAttributes<FaultlineLab> {
  page?: string;
  scenario?: string | object;
  panels?: string;
  place?: string | number;
  theme?: Theme;
  autoplay?: boolean;
  label?: string;
  'onfaultline-ready'?: (event: FaultlineLabEvents['faultline-ready']) => void;
  'onfaultline-step'?: (event: FaultlineLabEvents['faultline-step']) => void;
  'onfaultline-faults'?: (event: FaultlineLabEvents['faultline-faults']) => void;
  'onfaultline-error'?: (event: FaultlineLabEvents['faultline-error']) => void;
}

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'faultline-lab': DetailedHTMLProps<FaultlineLabAttributes, FaultlineLab>;
    }
  }
}
