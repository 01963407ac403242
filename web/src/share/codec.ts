// Packs a scenario into the address's fragment and unpacks it: `#1.` and base64url of raw deflate of its JSON. The
// number is the codec's version; every version ever published stays readable here.

const CODEC_VERSION = 1;

/** A link of a few kilobytes can inflate to gigabytes: no honest scenario comes near this. */
export const LARGEST_SCENARIO = 4 * 1024 * 1024;

export type LinkFault = 'unknown-version' | 'not-a-link' | 'damaged' | 'too-large' | 'not-text';

export class BrokenLink extends Error {
  override readonly name = 'BrokenLink';
  readonly fault: LinkFault;
  readonly detail: string;

  constructor(fault: LinkFault, detail = '') {
    super(detail === '' ? fault : `${fault}: ${detail}`);
    this.fault = fault;
    this.detail = detail;
  }
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new BrokenLink('not-a-link');
  if (text.length % 4 === 1) throw new BrokenLink('damaged');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
  largest: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > largest) {
      await reader.cancel();
      throw new BrokenLink('too-large');
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** The text of bytes that someone else made. */
export function toText(bytes: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BrokenLink('not-text');
  }
}

/** The fragment, with its `#`, that carries this text. */
export async function encode(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const small = await through(
    bytes,
    new CompressionStream('deflate-raw'),
    Number.POSITIVE_INFINITY,
  );
  return `#${CODEC_VERSION}.${toBase64Url(small)}`;
}

/** The text that a fragment carries; a `BrokenLink` says what is wrong with any other. */
export async function decode(fragment: string): Promise<string> {
  const parts = /^#(\d{1,9})\.(.*)$/s.exec(fragment);
  if (parts === null) throw new BrokenLink('not-a-link');
  const [, version = '', body = ''] = parts;
  if (Number(version) !== CODEC_VERSION) throw new BrokenLink('unknown-version', version);
  if (body === '') throw new BrokenLink('damaged');
  const small = fromBase64Url(body);
  try {
    return toText(await through(small, new DecompressionStream('deflate-raw'), LARGEST_SCENARIO));
  } catch (error) {
    if (error instanceof BrokenLink) throw error;
    throw new BrokenLink('damaged');
  }
}
