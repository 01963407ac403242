// Finds where in a text a value of its JSON stands, to select it there. The text may be broken after that place.

import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

export interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = ({ offset, length }: Node): Span => ({ from: offset, to: offset + length });

/** Where the value that a JSON Pointer names stands, and its key in an object; nothing if it is not there. */
export function placeIn(text: string, pointer: string): { key?: Span; value: Span } | undefined {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = parseTree(text);
  for (const key of keys) {
    if (node === undefined) return undefined;
    node = findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]);
  }
  if (node === undefined) return undefined;
  const [name] = node.parent?.type === 'property' ? (node.parent.children ?? []) : [];
  return { ...(name !== undefined && { key: spanOf(name) }), value: spanOf(node) };
}

/** Where a line and a column stand, both counted from 1, and the word there. */
export function spanAt(text: string, line: number, column: number): Span {
  let from = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', from);
    if (end < 0) return { from: text.length, to: text.length };
    from = end + 1;
  }
  from = Math.max(0, Math.min(text.length, from + column - 1));
  const word = /^[\w"'.+-]+/.exec(text.slice(from, from + 80))?.[0] ?? text.slice(from, from + 1);
  return { from, to: from + word.length };
}
