// Writes a link as Markdown, and as a frame for another's page.

/** `[title](address)`; what would end either early is escaped. */
export function markdown(title: string, address: string): string {
  const label = shortened(title).replace(/[\\[\]`*_<>]/g, '\\$&');
  return `[${label}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}

/** What a frame can be told besides its panels. */
export interface FrameWish {
  readonly theme?: 'dark' | 'light';
  readonly at?: 'start' | 'end';
  readonly autoplay?: boolean;
}

/** A frame that shows these panels of the scenario, as wide as the text that it stands in. */
export function iframe(
  title: string,
  address: string,
  panels: readonly string[],
  { theme, at, autoplay = false }: FrameWish = {},
): string {
  const url = new URL(address);
  const wishes = [
    'embed=1',
    ...(panels.length === 0 ? [] : [`panels=${panels.join(',')}`]),
    ...(theme === undefined ? [] : [`theme=${theme}`]),
    ...(at === undefined ? [] : [`at=${at}`]),
    ...(autoplay ? ['autoplay=1'] : []),
  ];
  url.search = `?${wishes.join('&')}`;
  const name = escaped(shortened(title));
  return `<iframe src="${escaped(url.href)}" title="${name}" width="100%" height="520" style="border:0" loading="lazy"></iframe>`;
}

/** One line, and not a long one: a title can be as long as its author likes. */
export function shortened(title: string, most = 120): string {
  const line = title
    .slice(0, most * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
}
