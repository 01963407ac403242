// Fetches the reference traces that come with the page, when a scenario replays one and not before.

import { traceNames } from '../../engine/client.ts';

const files = import.meta.glob<string>('../../../../traces/*.gz', {
  query: '?url',
  import: 'default',
  eager: true,
});

const addresses = new Map(
  Object.entries(files).map(([path, address]) => [
    path.replace(/^.*\//, '').replace(/\.gz$/, ''),
    address,
  ]),
);

/** The traces that there are, by name. */
export const pageTraces: readonly string[] = [...addresses.keys()].sort();

/** A host may have unpacked the file on its way: then the two bytes of gzip are gone. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** The traces that a scenario replays, by name. One that the page does not have is left out. */
export async function tracesFor(text: string): Promise<Record<string, string>> {
  const traces: Record<string, string> = {};
  for (const name of await traceNames(text)) {
    const address = addresses.get(name);
    if (address === undefined) continue;
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`the trace ${name} could not be fetched: ${answer.status}`);
    traces[name] = await unpacked(new Uint8Array(await answer.arrayBuffer()));
  }
  return traces;
}
