// Formats numbers for people: counts, times, rates and shares.

const numbers = new Intl.NumberFormat('en');

export const number = (value: number): string => numbers.format(value);

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

export const capitalized = (word: string): string =>
  `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Formats what a number may be. */
export const rangeOf = (least: number, most: number): string =>
  most >= Number.MAX_SAFE_INTEGER
    ? `${number(least)} or more`
    : `${number(least)} to ${number(most)}`;

/** Formats nanoseconds in the unit that leaves one to three digits before the point. */
export function duration(ns: number): string {
  const steps: [number, string][] = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ];
  for (const [unit, name] of steps) {
    if (ns >= unit)
      return `${(ns / unit).toFixed(ns >= unit * 100 ? 0 : ns >= unit * 10 ? 1 : 2)} ${name}`;
  }
  return `${Math.round(ns)} ns`;
}

/** Formats a duration by a clock that moves in steps: one that is shorter is known to be no longer than that. */
export const timed = (ns: number, step: number): string =>
  ns < step ? `< ${duration(step)}` : duration(ns);

/** Formats a rate: 1.2 M/s. */
export function rate(perSecond: number): string {
  if (perSecond >= 1e6) return `${(perSecond / 1e6).toFixed(1)} M/s`;
  if (perSecond >= 1e3) return `${(perSecond / 1e3).toFixed(1)} k/s`;
  return `${Math.round(perSecond)}/s`;
}

/** Formats a number of bytes. */
export function size(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  if (bytes >= 1e3) return `${Math.round(bytes / 1e3)} kB`;
  return plural(bytes, 'byte');
}

/** Formats a share of a whole as a percentage. What is less than the whole is never told as all of it. */
export function percent(share: number): string {
  if (share === 0) return '0 %';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share > 0.999 && share < 1) return '> 99.9 %';
  return `${(share * 100).toFixed(share < 0.1 || (share > 0.99 && share < 1) ? 1 : 0)} %`;
}

/** Below this each duration has a bucket of its own. */
const EXACT_NS = 256;

/** Formats a quantile: it is known to the bucket it fell into, of which it is the longest duration. */
export const quantile = (ns: number, step: number): string =>
  ns < Math.max(EXACT_NS, step) ? timed(ns, step) : `≤ ${duration(ns)}`;

/** A word for each of the engine's names, in their order. */
export type WordEach<Names extends readonly unknown[]> = {
  readonly [Place in keyof Names]: string;
};
