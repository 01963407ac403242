// Lays out the process tree: a row for each process, parents before children, and the branches between them. Arithmetic
// alone; the hierarchy is d3's.

import { type HierarchyNode, stratify } from 'd3-hierarchy';

interface Twig {
  readonly index: number;
  readonly parent: number | null;
}

/** A process in its place. */
export interface TreeRow<Process extends Twig> {
  readonly process: Process;
  /** Which row, and how deep. */
  readonly row: number;
  readonly depth: number;
  /** The row of its parent, -1 at the root. */
  readonly parentRow: number;
  /** How many descendants it has, shown or not. */
  readonly descendants: number;
  readonly isOpen: boolean;
  /** Its place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

const ROOT = 'root';

/** Rows from top to bottom; a process below a closed one has none. An orphan stands at the root. */
export function treeRows<Process extends Twig>(
  processes: readonly Process[],
  isClosed: (process: Process) => boolean,
): TreeRow<Process>[] {
  const known = new Set(processes.map(({ index }) => index));
  const parentOf = ({ index, parent }: Process): string =>
    parent === null || parent === index || !known.has(parent) ? ROOT : String(parent);
  const all: { readonly id: string; readonly parent: string; readonly process?: Process }[] = [
    { id: ROOT, parent: '' },
    ...processes.map((process) => ({
      id: String(process.index),
      parent: parentOf(process),
      process,
    })),
  ];
  const root = stratify<(typeof all)[number]>()
    .id(({ id }) => id)
    .parentId(({ parent }) => parent)(all);
  const rows: TreeRow<Process>[] = [];
  const visit = (node: HierarchyNode<(typeof all)[number]>, parentRow: number): void => {
    const { process } = node.data;
    let row = -1;
    let isOpen = true;
    if (process !== undefined) {
      row = rows.length;
      isOpen = !isClosed(process);
      const siblings = node.parent?.children ?? [node];
      rows.push({
        ...{ process, row, parentRow, isOpen, depth: node.depth - 1 },
        descendants: node.descendants().length - 1,
        place: siblings.indexOf(node) + 1,
        siblings: siblings.length,
      });
    }
    if (isOpen) for (const child of node.children ?? []) visit(child, row);
  };
  visit(root, -1);
  return rows;
}

export interface TreeShape {
  /** The height of a row, and how much further in each generation stands. */
  readonly pitch: number;
  readonly indent: number;
  /** Where the first generation's lamps stand. */
  readonly inset: number;
}

export function lampAt(shape: TreeShape, { row, depth }: { row: number; depth: number }) {
  return { x: shape.inset + depth * shape.indent, y: (row + 0.5) * shape.pitch };
}

/** The branch from a parent to its child, as an SVG path: down from the parent's lamp, and round to the child's. */
export function branch(shape: TreeShape, child: TreeRow<Twig>): string {
  if (child.parentRow < 0) return '';
  const from = lampAt(shape, { row: child.parentRow, depth: child.depth - 1 });
  const to = lampAt(shape, child);
  const bend = Math.min(6, shape.indent / 2, shape.pitch / 3);
  const start = from.y + 5;
  return `M${from.x} ${start}V${to.y - bend}q0 ${bend} ${bend} ${bend}H${to.x - 5}`;
}
