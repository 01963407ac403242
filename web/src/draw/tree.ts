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
  /** The families of many siblings whose last row this is: whose children they are, and how many are left out. */
  readonly ends?: readonly Ending<Process>[];
}

export interface Ending<Process> {
  readonly parent: Process | undefined;
  readonly left: number;
  /** The row that says so, and how deep it stands. */
  readonly row: number;
  readonly depth: number;
}

const ROOT = 'root';

/** Of more siblings than so many, most are left out until they are asked for. */
export const FEW_SIBLINGS = 10;

interface Choice<Process> {
  readonly isClosed: (process: Process) => boolean;
  /** Whether all children of a process are wanted, however many; undefined stands for the root. */
  readonly wantsAll?: (parent: Process | undefined) => boolean;
  /** Whether a process is shown in any case, as long as none above it is closed. */
  readonly isChosen?: (process: Process) => boolean;
}

/**
 * Rows from top to bottom; a process below a closed one has none, nor have siblings past the first few. An orphan stands
 * at the root.
 */
export function treeRows<Process extends Twig>(
  processes: readonly Process[],
  { isClosed, wantsAll = () => false, isChosen = () => false }: Choice<Process>,
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
  /** Rows so far: those of processes, and those that end families. */
  let height = 0;
  const visit = (node: HierarchyNode<(typeof all)[number]>, parentRow: number): void => {
    const { process } = node.data;
    let row = -1;
    let isOpen = true;
    if (process !== undefined) {
      row = height++;
      isOpen = !isClosed(process);
      const siblings = node.parent?.children ?? [node];
      rows.push({
        ...{ process, row, parentRow, isOpen, depth: node.depth - 1 },
        descendants: node.descendants().length - 1,
        place: siblings.indexOf(node) + 1,
        siblings: siblings.length,
      });
    }
    if (!isOpen) return;
    const children = node.children ?? [];
    const all = children.length <= FEW_SIBLINGS + 1 || wantsAll(process);
    const shown = children.filter(
      (child, at) =>
        all ||
        at < FEW_SIBLINGS ||
        child.descendants().some(({ data }) => data.process && isChosen(data.process)),
    );
    for (const child of shown) visit(child, row);
    const last = rows.at(-1);
    if (children.length > FEW_SIBLINGS + 1 && last !== undefined) {
      rows[rows.length - 1] = {
        ...last,
        ends: [
          ...(last.ends ?? []),
          {
            parent: process,
            left: children.length - shown.length,
            row: height++,
            depth: node.depth,
          },
        ],
      };
    }
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
