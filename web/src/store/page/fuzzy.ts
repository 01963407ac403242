// Finds what was meant by a few letters: they have to come in their order, and count more at the beginnings of words.

/** How well a text fits what was typed, more is better; undefined if it does not. */
export function likeness(typed: string, text: string): number | undefined {
  const wanted = typed.toLowerCase().replace(/\s+/g, '');
  const given = text.toLowerCase();
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    const beginsWord = next === 0 || /[^\p{L}\p{N}]/u.test(given[next - 1] ?? '');
    score += next === at + 1 ? 3 : beginsWord ? 2 : 0;
    at = next;
  }
  // Of equals the shorter one is meant.
  return score - given.length / 1000;
}

/** Those that fit, best first. */
export function ranked<Item>(
  typed: string,
  items: readonly Item[],
  text: (item: Item) => string,
): Item[] {
  // Nothing says which is meant: they keep their order.
  if (typed.trim() === '') return [...items];
  return items
    .flatMap((item) => {
      const score = likeness(typed, text(item));
      return score === undefined ? [] : [{ item, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
