// Shows a grid of cells on a canvas, and has beside it what a keyboard and a screen reader need: a focusable grid whose
// one cell in the document is the selected one, told in words.
// biome-ignore-all lint/a11y/useSemanticElements: a table of 100,000 cells is what the canvas is there to avoid
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and points at its cell

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import {
  drawCells,
  type GridView,
  paintCaptions,
  paintCells,
  paintRowLabels,
} from '../draw/cells.ts';
import type { Place } from '../draw/flow.ts';
import {
  cellAt,
  cellBox,
  fitGrid,
  type GridShape,
  type Step,
  stepFrom,
  zoomed,
} from '../draw/grid.ts';
import { Changes, type Marks, paintMarks } from '../draw/marks.ts';
import type { CellsOf } from '../draw/palette.ts';
import { drawsAs } from '../picture/drawings.ts';
import { loop } from '../store/page/loop.ts';
import { isStacked, maximised, showCell } from '../store/page/room.ts';
import { reducedMotion, theme } from '../store/page/settings.ts';
import { typeScale } from '../store/page/type-size.ts';
import { isMenuKey } from './ContextMenu.tsx';
import { placeGrid } from './cell-positions.ts';
import { usePinch } from './pinch.ts';
import './CellGrid.css';

interface CellGridProps {
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly looks: () => Uint8Array;
  readonly marks: () => Omit<Marks, 'focused'>;
  readonly describe: (index: number) => string;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onHover: (index: number) => void;
  /** Selects from where the selection began to here; without it one cell is selected at a time. */
  readonly onExtend?: (index: number) => void;
  /** Opens the menu of a cell. */
  readonly onMenu?: (index: number, at: { x: number; y: number }) => void;
  /** A cell that is scrolled to whenever it is another. */
  readonly kept?: number;
  /** The number that the first cell's label shows. */
  readonly first?: number;
  readonly gutter?: number;
  /** Whose states its cells show. */
  readonly of?: CellsOf;
  readonly smallest?: number;
  readonly largest?: number;
  readonly stackedShare?: number;
  /** A few characters for a large cell. */
  readonly caption?: (index: number, look: number) => string;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'row-start',
  End: 'row-end',
  PageUp: 'page-up',
  PageDown: 'page-down',
};

/** Scrolls a grid, and nothing else, so far that a cell is seen. */
function scrollTo(element: Element, shape: GridShape, index: number): void {
  const { y } = cellBox(shape, index);
  if (y < element.scrollTop) element.scrollTop = y - 4;
  const below = y + shape.pitch - element.clientHeight;
  if (below > element.scrollTop) element.scrollTop = below + 4;
}

/** Where cells are met that a low window has no room for: in the bar above them, at what is used. */
function usedOfBar(cells: Element): Place | undefined {
  const used = cells.closest('[data-panel]')?.querySelector('.meter span');
  const { left, top, width, height } = used?.getBoundingClientRect() ?? new DOMRect();
  return height === 0 ? undefined : { x: left + width / 2, y: top + height / 2, size: height };
}

class Painting {
  readonly changes = new Changes();
  painted = new Uint8Array(0);
  key = '';

  paint(
    cells: HTMLCanvasElement,
    marks: HTMLCanvasElement,
    shape: GridShape,
    view: GridView,
    props: CellGridProps,
    focused: boolean,
    now: number,
  ): boolean {
    const looks = props.looks();
    const under = cells.getContext('2d');
    const over = marks.getContext('2d');
    if (under === null || over === null || looks.length !== shape.count) return false;
    const room = cells.parentElement?.clientWidth ?? shape.width;
    const width = Math.round(Math.min(shape.width, room) * view.ratio);
    const height = Math.round(view.height * view.ratio);
    const key = `${width} ${height} ${shape.columns} ${shape.pitch} ${shape.count} ${view.top} ${view.theme}`;
    const afresh = key !== this.key || this.painted.length !== looks.length;
    if (afresh) {
      const sameCells = this.painted.length === looks.length;
      for (const canvas of [cells, marks]) {
        canvas.width = width;
        canvas.height = height;
        // A picture keeps its own size until the next one is painted: its box may have another meanwhile.
        canvas.style.width = `${width / view.ratio}px`;
        canvas.style.height = `${height / view.ratio}px`;
      }
      this.key = key;
      if (!sameCells) {
        this.changes.clear();
        this.painted = looks.slice();
      }
      paintRowLabels(under, shape, view, props.first ?? 0);
    }
    if (!reducedMotion.value) this.changes.note(looks, this.painted, now);
    paintCells(under, shape, looks, afresh ? null : this.painted, view);
    this.painted.set(looks);
    paintMarks(over, shape, view, { ...props.marks(), focused });
    if (props.caption !== undefined) paintCaptions(over, shape, looks, view, props.caption);
    return this.changes.paint(over, shape, view, now, view.theme);
  }
}

export function CellGrid(props: CellGridProps) {
  const { id, label, count, describe, selected, onSelect, onHover, onExtend, onMenu } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const cells = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const painting = useRef(new Painting()).current;
  const room = useSignal({ width: 0, height: 0 });
  const focused = useSignal(false);
  const latest = useRef(props);
  latest.current = props;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => {
      // A stacked layout gives a grid no height of its own: it may take a share of the window.
      const height = isStacked.peek()
        ? Math.round(
            // What is zoomed out for a moment while it is laid out changes `innerHeight`.
            document.documentElement.clientHeight *
              (maximised.peek() === undefined ? (latest.current.stackedShare ?? 0.32) : 0.6),
          )
        : element.clientHeight;
      const { clientWidth: width } = element;
      if (width !== room.value.width || height !== room.value.height) {
        room.value = { width, height };
      }
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [room, maximised.value]);

  const { width, height } = room.value;
  /** The cell between two fingers, which stays there, and how far below the grid's top. */
  const held = useRef<{ index: number; below: number } | undefined>(undefined);
  const zoom = usePinch(scroller, (_, clientY) => {
    const element = scroller.current;
    if (element === null) return;
    const below = clientY - element.getBoundingClientRect().top;
    const { gutter, pitch } = shapeNow.current;
    const index = cellAt(shapeNow.current, gutter + pitch, below + element.scrollTop);
    held.current = { index, below };
  });
  const usual = {
    ...{ count, height, width: Math.max(1, width), gutter: props.gutter ?? 44 },
    ...{ smallest: props.smallest ?? 4, largest: (props.largest ?? 48) * typeScale.value },
  };
  const fitted = fitGrid(usual);
  const shape = zoom.value === 1 ? fitted : fitGrid(zoomed(usual, fitted.pitch * zoom.value));
  const shown = Math.min(shape.height, Math.max(1, height));
  const shapeNow = useRef(shape);
  shapeNow.current = shape;

  useLayoutEffect(() => {
    const [cell, element] = [held.current, scroller.current];
    held.current = undefined;
    if (cell === undefined || element === null || cell.index < 0) return;
    element.scrollTop = cellBox(shapeNow.current, cell.index).y - cell.below;
  }, [zoom.value]);

  useEffect(() => {
    return loop.paint((now) => {
      if (cells.current === null || marks.current === null || scroller.current === null) {
        return false;
      }
      const view: GridView = {
        top: scroller.current.scrollTop,
        height: Math.min(shapeNow.current.height, Math.max(1, room.value.height)),
        ratio: devicePixelRatio,
        theme: theme.value,
        captioned: latest.current.caption !== undefined,
        of: latest.current.of ?? 'frames',
      };
      return painting.paint(
        cells.current,
        marks.current,
        shapeNow.current,
        view,
        latest.current,
        focused.value,
        now,
      );
    });
  }, [painting, room, focused]);

  useEffect(() => {
    const [under, over, window] = [cells.current, marks.current, scroller.current];
    if (under === null || over === null || window === null) return;
    const view = (): GridView => ({
      top: window.scrollTop,
      height: Math.min(shapeNow.current.height, Math.max(1, room.value.height)),
      ratio: 1,
      theme: theme.value,
      captioned: latest.current.caption !== undefined,
      of: latest.current.of ?? 'frames',
    });
    drawsAs(under, (surface) => {
      paintRowLabels(surface, shapeNow.current, view(), latest.current.first ?? 0);
      drawCells(surface, shapeNow.current, latest.current.looks(), view());
    });
    drawsAs(over, (surface) => {
      const { caption, looks, marks: marked } = latest.current;
      paintMarks(surface, shapeNow.current, view(), { ...marked(), focused: false });
      if (caption !== undefined) {
        paintCaptions(surface, shapeNow.current, looks(), view(), caption);
      }
    });
  }, [room]);

  // Whatever brought this rendering about, the canvas may show it too.
  useEffect(() => loop.request());

  useEffect(
    () =>
      placeGrid(id, (index) => {
        const element = scroller.current;
        if (element === null || index < 0 || index >= shapeNow.current.count) return undefined;
        const bounds = element.getBoundingClientRect();
        if (bounds.width === 0) return usedOfBar(element);
        const { x, y, size } = cellBox(shapeNow.current, index);
        const top = y + size / 2 - element.scrollTop;
        // A cell that is scrolled away is met at the edge.
        const seen = Math.max(0, Math.min(bounds.height, top));
        return { x: bounds.left + x + size / 2, y: bounds.top + seen, size };
      }),
    [id],
  );

  const indexAt = (event: PointerEvent | MouseEvent): number => {
    const element = scroller.current;
    if (element === null) return -1;
    const bounds = element.getBoundingClientRect();
    return cellAt(
      shape,
      event.clientX - bounds.left,
      event.clientY - bounds.top + element.scrollTop,
    );
  };

  /** A drag that selects: where it began, and whether it has left that cell. */
  const drag = useRef({ from: -1, moved: false }).current;

  const select = (index: number, isEnd = false) => {
    if (isEnd && onExtend !== undefined) onExtend(index);
    else onSelect(index);
    if (scroller.current !== null) scrollTo(scroller.current, shape, index);
  };

  const { kept = -1 } = props;
  useEffect(() => {
    if (scroller.current !== null && kept >= 0 && kept < count) {
      scrollTo(scroller.current, shapeNow.current, kept);
    }
  }, [kept, count]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.metaKey) return;
    if (isMenuKey(event) && onMenu !== undefined && count > 0 && scroller.current !== null) {
      event.preventDefault();
      const { left, top } = scroller.current.getBoundingClientRect();
      const index = Math.max(0, current);
      const { x, y, size } = cellBox(shape, index);
      onMenu(index, { x: left + x + size, y: top + y + size - scroller.current.scrollTop });
      return;
    }
    if (event.key === 'Enter' && current >= 0) {
      event.preventDefault();
      select(current);
      showCell();
      return;
    }
    let step = STEPS[event.key];
    if (event.ctrlKey) {
      if (event.key === 'Home') step = 'first';
      else if (event.key === 'End') step = 'last';
      else return;
    }
    if (step === undefined || count === 0) return;
    event.preventDefault();
    // The first key of a grid of which nothing is selected selects where it begins.
    select(current < 0 ? 0 : stepFrom(shape, current, step), event.shiftKey);
  };

  const current = selected >= 0 && selected < count ? selected : -1;
  const row = Math.floor(Math.max(0, current) / shape.columns);
  return (
    <div
      ref={scroller}
      id={id}
      class="cells"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={shape.rows}
      aria-colcount={shape.columns}
      aria-activedescendant={current < 0 ? undefined : `${id}-cell`}
      style={{ '--grid-height': `${shown}px` }}
      onKeyDown={onKeyDown}
      aria-multiselectable={onExtend === undefined ? undefined : true}
      onPointerDown={(event) => {
        // A finger scrolls.
        const drags = event.button === 0 && event.pointerType !== 'touch' && !event.shiftKey;
        drag.from = drags && onExtend !== undefined ? indexAt(event) : -1;
        drag.moved = false;
      }}
      onClick={(event) => {
        const index = indexAt(event);
        if (index < 0 || drag.moved) return;
        select(index, event.shiftKey);
        showCell();
      }}
      onContextMenu={(event) => {
        const index = indexAt(event);
        if (onMenu === undefined || index < 0) return;
        event.preventDefault();
        onMenu(index, { x: event.clientX, y: event.clientY });
      }}
      onPointerMove={(event) => {
        const index = indexAt(event);
        onHover(index);
        if (drag.from < 0 || (event.buttons & 1) === 0 || index < 0) return;
        if (!drag.moved && index === drag.from) return;
        if (!drag.moved) select(drag.from);
        drag.moved = true;
        select(index, true);
      }}
      onPointerLeave={() => onHover(-1)}
      onScroll={() => loop.request()}
      onFocus={() => {
        focused.value = true;
        loop.request();
      }}
      onBlur={() => {
        focused.value = false;
        loop.request();
      }}
    >
      <div class="cells-room" style={{ width: `${shape.width}px`, height: `${shape.height}px` }}>
        <div class="cells-window" aria-hidden="true" style={{ height: `${shown}px` }}>
          <canvas ref={cells} />
          <canvas ref={marks} />
        </div>
      </div>
      {current >= 0 && (
        <div class="unseen" role="row" aria-rowindex={row + 1}>
          <div
            id={`${id}-cell`}
            role="gridcell"
            aria-colindex={(current % shape.columns) + 1}
            aria-selected="true"
            tabIndex={-1}
          >
            {describe(current)}
          </div>
        </div>
      )}
    </div>
  );
}
