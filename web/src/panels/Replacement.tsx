// Shows how pages are replaced: the policy's queue, and the references of the selected process by frames.

import { shown } from '../store/animation/shown.ts';
import { observed } from '../store/machine/observation.ts';
import { rules } from '../store/machine/replacement-queue.ts';
import { folded } from '../store/page/shown-panels.ts';
import { text } from '../text/text.ts';
import { Panel } from './Panel.tsx';
import { QueueView } from './QueueView.tsx';
import { countWords, ReferenceMatrix, SaveMatrix, selectedMatrix } from './ReferenceMatrix.tsx';
import './Replacement.css';

export function Replacement() {
  const machine = observed.machine.value;
  const { policy } = rules.value;
  const isFolded = folded.value.has('replacement');
  const replacement = isFolded ? undefined : shown.replacement.value;
  const told = selectedMatrix(replacement?.until);
  const isTold = !isFolded && typeof told !== 'string';
  const caption = [
    text.replacement.policies[policy],
    ...(isTold ? [text.replacement.matrix.of(told.process), countWords(told.matrix)] : []),
  ].filter((words) => words !== '');
  return (
    <Panel
      name="replacement"
      title={text.panels.replacement}
      caption={<span title={text.replacement.ways[policy]}>{caption.join(' · ')}</span>}
      controls={isTold && <SaveMatrix {...told} />}
    >
      {!isFolded &&
        (machine === undefined ? (
          <p class="hint">{text.status.closed}</p>
        ) : (
          <div class="replacement">
            <QueueView queue={replacement?.queue} />
            {typeof told === 'string' ? (
              <p class="hint matrix">{told}</p>
            ) : (
              <ReferenceMatrix {...told} />
            )}
          </div>
        ))}
    </Panel>
  );
}
