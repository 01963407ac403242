// Draws the wires from page tables to memory over the panels. It looks in each frame where cells stand and what PTEs name,
// and draws again when anything differs: a scroll, another size, theme or selection, a PTE, a copy on its way.

import { useEffect, useRef } from 'preact/hooks';
import { clearFlow, headOf, type Place } from '../draw/flow.ts';
import { type DrawnWire, paintWires, type Words } from '../draw/wires.ts';
import { type Wire, wires } from '../store/animation/wires.ts';
import { loop } from '../store/page/loop.ts';
import { theme } from '../store/page/settings.ts';
import { placeOf } from './cell-positions.ts';

/** Where a wire ends: at what its PTE names, or, while its page is being copied, at the copy. */
function endOf({ to, copy }: Wire): Place | undefined {
  if (copy === undefined) return placeOf(to.grid, to.index);
  const [a, b] = [placeOf('frames', copy.from.index), placeOf('frames', copy.to.index)];
  return a && b && headOf({ from: a, to: b, progress: copy.progress, state: copy.state });
}

/** What is read between the grids. */
const WORDS = '.legend li, .panel-head h2, .panel-head .caption, .table-head > *';

/** Where words stand in the panels that a canvas lies over, from its corner. */
function wordsUnder(canvas: HTMLElement, { left, top }: DOMRect): Words[] {
  const words = canvas.closest('.flow')?.parentElement?.querySelectorAll(WORDS) ?? [];
  return Array.from(words, (word) => {
    const { x, y, width, height } = word.getBoundingClientRect();
    return { x: x - left, y: y - top, width, height };
  }).filter(({ width }) => width > 0);
}

export function Wires() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let drawn = '';
    return loop.paint(() => {
      const surface = canvas.current;
      const context = surface?.getContext('2d');
      if (surface === null || !context) return false;
      const told = wires();
      const bounds = surface.getBoundingClientRect();
      const lines: DrawnWire[] = [];
      for (const wire of told) {
        const from = placeOf(wire.isSelected ? 'pages' : `pages-${wire.process}`, wire.page);
        const to = endOf(wire);
        if (from === undefined || to === undefined) continue;
        const here = ({ x, y, size }: Place) => ({ x: x - bounds.left, y: y - bounds.top, size });
        lines.push({
          from: here(from),
          to: here(to),
          kind: wire.copy === undefined ? wire.kind : 'writable',
          isSelected: wire.isSelected,
        });
      }
      const ratio = devicePixelRatio;
      const view = { width: bounds.width, height: bounds.height, ratio, theme: theme.value };
      const key = JSON.stringify([lines, view]);
      if (key === drawn) return false;
      drawn = key;
      const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
      if (surface.width !== width || surface.height !== height) {
        surface.width = width;
        surface.height = height;
      }
      clearFlow(context, view);
      const words = lines.length > 0 ? wordsUnder(surface, bounds) : [];
      paintWires(context, lines, words, view);
      surface.dataset.wires = told
        .map(({ process, page, to, kind, copy }) => {
          const end = copy === undefined ? `${to.grid} ${to.index}` : `copy ${copy.to.index}`;
          return `${process} ${page} ${end} ${kind}`;
        })
        .join(', ');
      return false;
    });
  }, []);
  return <canvas ref={canvas} class="wires" />;
}
