import { expect, test } from 'vitest';
import { paintCaptions } from './cells.ts';
import { fitGrid } from './grid.ts';
import { SHARED_MARK } from './looks.ts';
import { paintMarks } from './marks.ts';
import { colourOf, STANDBY } from './palette.ts';
import { lanesOf, paintTimeline } from './timeline.ts';
import { FAULT } from './timeline-kinds.ts';
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

test('w3 the mark of a shared cell gives way to what is written in the cell', () => {
  const shape = fitGrid({ count: 1, width: 400, height: 60, gutter: 0, smallest: 40, largest: 40 });
  const view = {
    ...{ top: 0, height: 60, ratio: 1, theme: 'dark' as const, captioned: true },
    of: 'frames' as const,
  };
  const drawn = (look: number) => {
    const surface = new VectorSurface();
    paintCaptions(surface, shape, Uint8Array.of(look), view, () => 'p5');
    return surface.svg;
  };
  const { fill } = colourOf('dark', STANDBY);
  expect(drawn(STANDBY)).not.toContain(`fill="${fill}"`);
  expect(drawn(STANDBY | SHARED_MARK)).toMatch(
    new RegExp(`^<rect [^>]*fill="${fill}".*>p5</text>`),
  );
});

test('w5 the timeline and the marks of a grid are drawn by the functions that draw them on the page', () => {
  const timeline = new VectorSurface();
  const soft = { begin: 10, end: 30, kind: FAULT + 2, process: 0, number: 3, detail: 1 };
  const none = { length: 0, slice: () => soft, at: () => -1, walk: () => undefined };
  const tracks = [
    { rows: [], marks: none, open: [] },
    { rows: [], marks: none, open: [soft] },
  ];
  const shape = {
    ...{ width: 400, height: 80, top: 0, ratio: 1, theme: 'light' as const, last: 40, origin: 0 },
    ...{ view: { from: 0, to: 40 }, laneLabel: (ring: number) => `CPU ${ring} <&>` },
    sliceLabel: () => 'a fault & its page',
    tickLabel: (ns: number) => `${ns}`,
  };
  paintTimeline(timeline, shape, tracks, lanesOf(tracks, 2, 80));
  expect(timeline.svg).toContain('>CPU 1 &lt;&amp;&gt;</text>');
  expect(timeline.svg).toContain('>a fault &amp; its page</text>');
  expect(timeline.svg).toContain(`fill="${colourOf('light', STANDBY).fill}"`);

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
