import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BrokenLink, decode, encode, LARGEST_SCENARIO, type LinkFault } from './codec.ts';

const broken = async (fragment: string): Promise<LinkFault | 'none'> => {
  try {
    await decode(fragment);
    return 'none';
  } catch (error) {
    if (error instanceof BrokenLink) return error.fault;
    throw error;
  }
};

const scenario = JSON.stringify({
  faultline: 1,
  title: 'Fork, write — who pays',
  script: Array.from({ length: 40 }, (_, page) => ({
    op: 'write',
    process: 'init',
    page,
    value: page * 7,
  })),
});

test('w5 a link carries any text there and back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      const fragment = await encode(text);
      expect(fragment).toMatch(/^#1\.[A-Za-z0-9_-]+$/);
      expect(await decode(fragment)).toBe(text);
    }),
  );
});

test('w5 a script of forty lines fits a message', async () => {
  expect((await encode(scenario)).length).toBeLessThan(600);
});

test('w5 a link cut anywhere is refused', async () => {
  const fragment = await encode(scenario);
  for (let length = 1; length < fragment.length; length++) {
    expect(await broken(fragment.slice(0, length)), `cut at ${length}`).not.toBe('none');
  }
  expect(await broken(fragment.slice(0, fragment.length / 2))).toBe('damaged');
});

test('w5 another version, garbage and nothing are told apart', async () => {
  expect(await broken('#2.AAAA')).toBe('unknown-version');
  expect(await broken('#hello')).toBe('not-a-link');
  expect(await broken('#1.a b')).toBe('not-a-link');
  expect(await broken('#1.')).toBe('damaged');
  expect(await broken('#1.AAAA')).toBe('damaged');
});

test('w5 bytes that are no text are told apart', async () => {
  const stream = new Blob([new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])]).stream();
  const packed = await new Response(
    stream.pipeThrough(new CompressionStream('deflate-raw')),
  ).arrayBuffer();
  expect(await broken(`#1.${Buffer.from(packed).toString('base64url')}`)).toBe('not-text');
});

test('w5 a decompression bomb stops at the cap', async () => {
  const bomb = await encode('0'.repeat(LARGEST_SCENARIO + 1));
  expect(bomb.length).toBeLessThan(10_000);
  expect(await broken(bomb)).toBe('too-large');
});
