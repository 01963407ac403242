// Opens files that the visitor drops anywhere on the page, or chooses: a scenario, or a trace.

import { signal } from '@preact/signals';
import { isScenarioFile } from '../../share/file.ts';
import { forgetRefusals, openFile } from './links.ts';
import { missingTrace, openTrace, stopReading } from './traces.ts';

/** Whether a file is held over the page. */
export const dropping = signal(false);

/**
 * Opens a file as what it is. One that cannot be read at all is told by the reader of traces. What was said of the file
 * before is said no more.
 */
export async function openDropped(file: File): Promise<void> {
  const isScenario = await isScenarioFile(file).catch(() => false);
  stopReading();
  // A trace that a scenario lacks is lacking until its file comes.
  if (missingTrace.value === undefined) forgetRefusals();
  await (isScenario ? openFile(file) : openTrace(file));
}

export function watchDrops(): void {
  const hasFile = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!hasFile(event)) return;
    event.preventDefault();
    dropping.value = true;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (relatedTarget === null) dropping.value = false;
  });
  addEventListener('drop', (event) => {
    dropping.value = false;
    if (!hasFile(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void openDropped(file);
  });
}
