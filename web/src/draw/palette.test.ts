import { expect, test } from 'vitest';
import { FRAME_STATES } from '../generated/machine.ts';
import { glyphOf, PALETTES, PROTECTED, type Theme } from './palette.ts';

type Triple = readonly [number, number, number];

function linear(hex: string): Triple {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
}

// Full dichromacy after Viénot, Brettel and Mollon (1999), in linear sRGB.
const sights: Record<string, (colour: Triple) => Triple> = {
  trichromat: (colour) => colour,
  protanope: ([r, g, b]) => [
    0.11238 * r + 0.88762 * g,
    0.11238 * r + 0.88762 * g,
    0.00401 * r - 0.00401 * g + b,
  ],
  deuteranope: ([r, g, b]) => [
    0.29275 * r + 0.70725 * g,
    0.29275 * r + 0.70725 * g,
    -0.02234 * r + 0.02234 * g + b,
  ],
};

function oklab([r, g, b]: Triple): Triple {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function luminance([r, g, b]: Triple): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

for (const theme of ['dark', 'light'] satisfies Theme[]) {
  for (const [sight, seen] of Object.entries(sights)) {
    test(`${theme}: eight hues are told apart by a ${sight}`, () => {
      const colours = PALETTES[theme].map(({ fill }) => oklab(seen(linear(fill))));
      colours.forEach((a, i) => {
        colours.slice(i + 1).forEach((b, j) => {
          const pair = `${FRAME_STATES[i]} and ${FRAME_STATES[i + 1 + j]}`;
          expect(distance(a, b), pair).toBeGreaterThan(0.055);
        });
      });
    });
  }

  test(`${theme}: a glyph stands out from its cell`, () => {
    for (const [state, { fill, ink }] of PALETTES[theme].entries()) {
      const [low, high] = [luminance(linear(fill)), luminance(linear(ink))].sort((a, b) => a - b);
      const contrast = ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
      expect(contrast, FRAME_STATES[state]).toBeGreaterThan(3);
    }
  });
}

test('each state has a glyph of its own', () => {
  const ofFrames = FRAME_STATES.map((_, state) => JSON.stringify(glyphOf(state, 'frames')));
  expect(new Set(ofFrames).size).toBe(8);
  const ofPages = FRAME_STATES.map((_, state) => JSON.stringify(glyphOf(state, 'pages')));
  expect(new Set(ofPages).size).toBe(8);
});

test('a page that a write copies has another glyph than a frame that is protected', () => {
  expect(glyphOf(PROTECTED, 'pages')).not.toEqual(glyphOf(PROTECTED, 'frames'));
});
