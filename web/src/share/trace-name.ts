// Names traces after their files, so that a file of the same name beside a scenario is what the command line replays.

/** Endings that say how a trace is written, and not what it is of. */
const ENDING =
  /\.(?:gz|gzip|zst|zstd|trace|lackey|perf|txt|log|out|csv|tsv|bin|raw|oracleGeneral)$/i;
/** A name may be longer; a number has to fit behind it. */
const LONGEST = 48;

/** The name for a trace in a file: letters and digits of any script, dots, dashes and underscores. */
export function nameOfFile(file: string): string {
  let stem = file.replace(/^.*[/\\]/, '');
  while (ENDING.test(stem)) stem = stem.replace(ENDING, '');
  const name = [...stem.normalize('NFC').replace(/[^\p{L}\p{N}._-]+/gu, '-')]
    .slice(0, LONGEST)
    .join('')
    .replace(/^[.-]+|[.-]+$/g, '');
  return name === '' ? 'trace' : name;
}

/** The wish, or the wish with the first number that nobody has. */
export function freeName(wish: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wish)) return wish;
  for (let number = 2; ; number++) {
    const name = `${wish}-${number}`;
    if (!isTaken(name)) return name;
  }
}
