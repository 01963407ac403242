/** What is wrong with a phrase. */
export class PhraseProblem extends Error {
  /** The character at which it goes wrong. */
  readonly at: number;
  /** What stands there; empty at the end. */
  readonly found: string;
  readonly legal: string;

  constructor(at: number, found: string, legal: string) {
    super(`at ${at}: found ${found === '' ? 'the end' : found}, legal: ${legal}`);
    this.name = 'PhraseProblem';
    this.at = at;
    this.found = found;
    this.legal = legal;
  }
}
