// Reads and saves a scenario as a file, with the same limits as a link.

import { BrokenLink, LARGEST_SCENARIO, toText } from './codec.ts';

/** The text of a file; a `BrokenLink` says why it cannot be one of a scenario. */
export async function readScenarioFile(file: Blob): Promise<string> {
  if (file.size > LARGEST_SCENARIO) throw new BrokenLink('too-large');
  return toText(new Uint8Array(await file.arrayBuffer()));
}

/** Whether a file is meant to be a scenario: by its name, or because it begins as a JSON document does. */
export async function isScenarioFile(file: File): Promise<boolean> {
  if (/\.json$/i.test(file.name)) return true;
  const beginning = new TextDecoder().decode(await file.slice(0, 1024).arrayBuffer());
  return beginning.trimStart().startsWith('{');
}

/** A file name for a scenario or a picture of it: letters and digits of any script, and nothing else. */
export function fileName(title: string | undefined, ending: string): string {
  const words = (title ?? '')
    .slice(0, 80)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return `${words === '' ? 'scenario' : words}.${ending}`;
}

/** Hands a file to the visitor. */
export function download(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
