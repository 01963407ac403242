// Makes a list of rows one stop of the Tab key: the arrow keys move among the rows, and into what a row holds.

/** Where the focus goes by a key, from the row that has it; undefined if the key is not the list's. */
export function rowAfterKey(key: string, row: number, count: number): number | undefined {
  const next = { ArrowDown: row + 1, ArrowUp: row - 1, Home: 0, End: count - 1 }[key];
  return next === undefined ? undefined : Math.max(0, Math.min(count - 1, next));
}

/**
 * Moves the focus within a list: up and down from row to row, each of which begins with its own button, and sideways
 * among the buttons of a row. Call it with the list's key presses.
 */
export function moveInList(event: KeyboardEvent): void {
  const list = event.currentTarget;
  const target = event.target;
  if (!(list instanceof HTMLElement) || !(target instanceof HTMLButtonElement)) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...list.children];
  const row = rows.findIndex((one) => one.contains(target));
  const buttonsOf = (at: number) => [
    ...(rows[at]?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? []),
  ];
  const next = rowAfterKey(event.key, row, rows.length);
  const sideways = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (next === undefined && sideways === undefined) return;
  event.preventDefault();
  const buttons = buttonsOf(row);
  const chosen =
    next === undefined
      ? buttons[Math.max(0, buttons.indexOf(target) + (sideways ?? 0))]
      : buttonsOf(next)[0];
  chosen?.focus();
  chosen?.scrollIntoView({ block: 'nearest' });
}
