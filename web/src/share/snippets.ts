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

/** A frame that shows these panels of the scenario. */
export function iframe(title: string, address: string, panels: readonly string[]): string {
  const url = new URL(address);
  url.search = `?embed=1${panels.length === 0 ? '' : `&panels=${panels.join(',')}`}`;
  const name = escaped(shortened(title));
  return `<iframe src="${escaped(url.href)}" title="${name}" width="800" height="520" loading="lazy"></iframe>`;
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
