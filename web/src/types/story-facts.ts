// Describes what the story of the first visit is told from.

/** What the machine has where the playhead is: the frames of the page in both processes. */
export interface Facts {
  readonly line: number;
  readonly parent: number | undefined;
  readonly child: number | undefined;
}
