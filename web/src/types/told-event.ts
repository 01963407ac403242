/** An event that is told in words: its kind, by its name, and the process, and the page, frame or slot concerned. */
export interface ToldEvent {
  readonly kind: string;
  readonly number: number;
  readonly process?: string;
}
