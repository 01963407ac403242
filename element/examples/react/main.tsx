/** @jsxImportSource react */
/** A React component shows a laboratory, steps it, and counts its copies. */

import type { FaultlineLab } from 'faultline-lab';
import 'faultline-lab';
import type {} from 'faultline-lab/react';
import { useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';

const scenario = {
  faultline: 1,
  title: 'In React',
  script: [
    { op: 'spawn', as: 'init', pages: 16 },
    { op: 'write', process: 'init', page: 3, value: 7 },
    { op: 'fork', process: 'init', as: 'child' },
    { op: 'write', process: 'child', page: 3, value: 8 },
  ],
};

function Lesson({ page }: { readonly page: string }) {
  const lab = useRef<FaultlineLab>(null);
  const [copies, setCopies] = useState(0);
  const [panels, setPanels] = useState('script');
  return (
    <>
      <button type="button" data-do="step" onClick={() => void lab.current?.step()}>
        Step
      </button>
      <button type="button" data-do="frames" onClick={() => setPanels('frames')}>
        Frames
      </button>
      <output>{copies} copies</output>
      <faultline-lab
        ref={lab}
        page={page}
        panels={panels}
        place="start"
        scenario={scenario}
        onfaultline-step={({ detail }) => setCopies(detail.counters.copies ?? 0)}
      />
    </>
  );
}

const root = document.getElementById('root');
const page = new URLSearchParams(location.search).get('page') ?? '/faultline/';
if (root !== null) createRoot(root).render(<Lesson page={page} />);
