// Declares what the page knows of a recorded program that comes with it.

export interface RecordedProgram {
  /** The name by which scenarios replay it. */
  readonly name: string;
  /** What it is, in a line. */
  readonly about: string;
  readonly command: string;
  readonly references: number;
  readonly writes: number;
  readonly pages: number;
}
