import { expect, test } from 'vitest';
import { fitGrid } from './grid.ts';
import { paintMarks } from './marks.ts';
import { paintTape } from './tape.ts';
import { escapeXml, VectorSurface } from './vector.ts';

test('w5 what is drawn is written down where it was drawn', () => {
  const surface = new VectorSurface();
  surface.save();
  surface.translate(10, 20);
  surface.scale(2, 2);
  surface.fillStyle = '#123456';
  surface.fillRect(1, 2, 3, 4);
  surface.restore();
  surface.fillRect(0, 0, 1, 1);
  expect(surface.svg).toBe(
    '<rect x="12" y="24" width="6" height="8" fill="#123456"/>' +
      '<rect x="0" y="0" width="1" height="1" fill="#000"/>',
  );
});

test('w5 the tape and the marks of a grid are drawn by the functions that draw them on the page', () => {
  const tape = new VectorSurface();
  const slices = [{ cpu: 0, begin: 10, end: 30, state: 2, phases: [10, 20] }];
  const shape = {
    ...{ width: 400, height: 80, ratio: 1, theme: 'light' as const, cpus: 2 },
    laneLabel: (cpu: number) => `CPU ${cpu} <&>`,
    tickLabel: (ns: number) => `${ns}`,
  };
  paintTape(tape, shape, slices);
  expect(tape.svg).toContain('>CPU 1 &lt;&amp;&gt;</text>');
  expect(tape.svg).toContain('fill="#1d68b8"');

  const marks = new VectorSurface();
  const grid = fitGrid({ count: 64, width: 400, height: 400, gutter: 0, smallest: 4, largest: 48 });
  const view = {
    top: 0,
    height: 400,
    ratio: 1,
    theme: 'dark' as const,
    captioned: false,
    of: 'frames' as const,
  };
  paintMarks(marks, grid, view, {
    ...{ owned: [1, 2], linked: [3], selected: 4, hovered: -1, focused: false },
  });
  expect(marks.svg.match(/<path/g)).toHaveLength(5);
  expect(marks.svg).toContain('stroke-dasharray="3 2"');
});

test('w5 no text of a scenario is markup in a picture', () => {
  expect(escapeXml('<script>"&\u0000\ud800')).toBe('&lt;script&gt;&quot;&amp;\ufffd');
});
