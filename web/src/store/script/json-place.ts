// Finds where in a text a value of its JSON stands, to select it there. The text may be broken after that place.

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Where the value that a JSON Pointer names stands, and its key in an object; nothing if it is not there. */
export function placeIn(text: string, pointer: string): { key?: Span; value: Span } | undefined {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let at = skip(text, 0);
  let key: Span | undefined;
  for (const wanted of keys) {
    const inside =
      text[at] === '{'
        ? memberAt(text, at, wanted)
        : text[at] === '['
          ? itemAt(text, at, wanted)
          : undefined;
    if (inside === undefined) return undefined;
    at = inside.at;
    key = inside.key;
  }
  const value = { from: at, to: endOf(text, at) };
  return key === undefined ? { value } : { key, value };
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

function skip(text: string, at: number): number {
  while (at < text.length && /\s/.test(text.charAt(at))) at++;
  return at;
}

/** The end of the string that begins here. */
function endOfString(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === '"') return end + 1;
  }
  return text.length;
}

/** The end of the value that begins here: brackets are counted, outside strings. */
function endOf(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  let depth = 0;
  for (let end = at; end < text.length; end++) {
    const sign = text.charAt(end);
    if (sign === '"') end = endOfString(text, end) - 1;
    else if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') {
      if (depth === 0) return end;
      depth--;
      if (depth === 0) return end + 1;
    } else if (depth === 0 && /[,\s]/.test(sign)) return end;
  }
  return text.length;
}

function parsed(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function memberAt(
  text: string,
  open: number,
  wanted: string,
): { at: number; key: Span } | undefined {
  let at = skip(text, open + 1);
  while (text[at] === '"') {
    const key = { from: at, to: endOfString(text, at) };
    at = skip(text, key.to);
    if (text[at] !== ':') return undefined;
    at = skip(text, at + 1);
    if (parsed(text.slice(key.from, key.to)) === wanted) return { at, key };
    at = skip(text, endOf(text, at));
    if (text[at] !== ',') return undefined;
    at = skip(text, at + 1);
  }
  return undefined;
}

function itemAt(
  text: string,
  open: number,
  wanted: string,
): { at: number; key: undefined } | undefined {
  let at = skip(text, open + 1);
  for (let index = 0; at < text.length && text[at] !== ']'; index++) {
    if (String(index) === wanted) return { at, key: undefined };
    at = skip(text, endOf(text, at));
    if (text[at] !== ',') return undefined;
    at = skip(text, at + 1);
  }
  return undefined;
}
