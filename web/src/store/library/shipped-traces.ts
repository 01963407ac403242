// Fetches the reference traces that come with the page, when a scenario replays one and not before.

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

/** Their names. */
export const shippedTraces: readonly string[] = [...addresses.keys()].sort();

/** A host may have unpacked the file on its way: then the two bytes of gzip are gone. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

/** The text of a trace; undefined if none of this name comes with the page. */
export async function shippedTrace(name: string): Promise<string | undefined> {
  const address = addresses.get(name);
  if (address === undefined) return undefined;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the trace ${name} could not be fetched: ${answer.status}`);
  return unpacked(new Uint8Array(await answer.arrayBuffer()));
}
