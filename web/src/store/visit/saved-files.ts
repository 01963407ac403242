// Saves scenarios as files.

import { download, fileName } from '../../share/file.ts';
import { scenario } from '../run/open-machine.ts';
import { prettyTextOf } from '../script/document.ts';

export function saveText(text: string): void {
  const content = new Blob([text], { type: 'application/json' });
  download(fileName(scenario.value.title, 'json'), content);
}

/** The whole scenario, one line of the script a line of the file. */
export function saveScenario(): void {
  saveText(`${prettyTextOf(scenario.value)}\n`);
}
