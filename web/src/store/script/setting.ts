// Replaces one value of a scenario, so that two can differ in exactly one switch. The engine does the same for a call
// (`scenario/document/setting.rs`); the page edits scenarios while no engine is asked.

/**
 * The document with `value` at the place that a JSON Pointer names; objects on the way there are made.
 * The document itself stays as it is. Throws if the way leads through a value without parts or past an array's end.
 */
export function withSetting<T>(document: T, pointer: string, value: unknown): T {
  const tokens = pointer.split('/').slice(1);
  return put(document, tokens, '', value) as T;
}

function put(place: unknown, [token, ...rest]: string[], path: string, value: unknown): unknown {
  if (token === undefined) return value;
  const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
  const inside = `${path}/${token}`;
  if (Array.isArray(place)) {
    const index = /^\d+$/.test(key) ? Number(key) : -1;
    if (index < 0 || index >= place.length)
      throw new Error(`${inside}: no such entry, there are ${place.length}`);
    return place.with(index, put(place[index], rest, inside, value));
  }
  if (typeof place !== 'object' || place === null) {
    throw new Error(`${inside}: ${path} is ${JSON.stringify(place)}, which has no parts`);
  }
  const old = Object.hasOwn(place, key) ? place[key as keyof typeof place] : {};
  return { ...place, [key]: put(old, rest, inside, value) };
}
