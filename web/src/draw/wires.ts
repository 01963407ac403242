// Paints wires from the cells of page tables to the frames and slots that their PTEs name. They are grey, as all that is
// not a state: a whole wire is writable, a dashed one read-only, a dotted one leads where the next access faults.

import type { Place, Point } from './flow.ts';
import { NEUTRALS, type Theme } from './palette.ts';

export interface DrawnWire {
  readonly from: Place;
  readonly to: Place;
  readonly kind: 'writable' | 'read-only' | 'faulting';
  /** That of the selected table stands out. */
  readonly isSelected: boolean;
}

/** Where words stand that wires pass behind, in CSS pixels from the corner of the canvas. */
export interface Words {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
}

const DASHES = { writable: [], 'read-only': [7, 4], faulting: [1.5, 4.5] };
/** The arrow's length, and half its width. */
const ARROW = { length: 8, half: 4.5 };

/** Where a wire leaves a cell and meets the other: at the sides that face each other. */
function ends({ from, to }: DrawnWire): { leave: Point; meet: Point; way: 1 | -1 } {
  const way = to.y >= from.y ? 1 : -1;
  const leave = { x: from.x, y: from.y + way * (from.size / 2 + 1) };
  return { leave, meet: { x: to.x, y: to.y - way * (to.size / 2 + 2) }, way };
}

export function paintWires(
  context: CanvasRenderingContext2D,
  wires: readonly DrawnWire[],
  words: readonly Words[],
  { width: whole, height, theme }: View,
): void {
  const { mark, ground } = NEUTRALS[theme];
  context.save();
  context.lineCap = 'round';
  context.beginPath();
  context.rect(0, 0, whole, height);
  for (const { x, y, width, height } of words) context.rect(x, y, width, height);
  context.clip('evenodd');
  // The selected one lies upon the others.
  for (const wire of wires.toSorted((a, b) => Number(a.isSelected) - Number(b.isSelected))) {
    const { leave, meet, way } = ends(wire);
    const neck = { x: meet.x, y: meet.y - way * ARROW.length };
    const bend = Math.max(24, Math.abs(neck.y - leave.y) * 0.5);
    const width = wire.isSelected ? 2 : 1.5;
    const line = () => {
      context.beginPath();
      context.moveTo(leave.x, leave.y);
      context.bezierCurveTo(
        leave.x,
        leave.y + way * bend,
        neck.x,
        neck.y - way * bend,
        neck.x,
        neck.y,
      );
      context.stroke();
    };
    const arrow = () => {
      context.beginPath();
      context.moveTo(meet.x, meet.y);
      context.lineTo(meet.x - ARROW.half, neck.y);
      context.lineTo(meet.x + ARROW.half, neck.y);
      context.fill();
    };
    // Upon a line of the ground's colour it is seen over every hue.
    context.setLineDash([]);
    context.strokeStyle = ground;
    context.globalAlpha = 0.85;
    context.lineWidth = width + 3.5;
    line();
    context.globalAlpha = wire.isSelected ? 1 : 0.8;
    context.strokeStyle = mark;
    context.fillStyle = mark;
    context.lineWidth = width;
    context.setLineDash(DASHES[wire.kind]);
    line();
    context.setLineDash([]);
    context.beginPath();
    context.arc(leave.x, leave.y, width + 1.25, 0, Math.PI * 2);
    context.fill();
    context.strokeStyle = ground;
    context.lineWidth = 2;
    context.stroke();
    arrow();
  }
  context.restore();
}
