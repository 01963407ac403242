// Maps moments of a timeline to places of its picture and back, and zooms and pans what is seen of it.

export interface View {
  readonly from: number;
  readonly to: number;
}

/** The names of the lanes stand at the left. */
export const LABEL_WIDTH = 60;
/** The least time that a view shows, in nanoseconds. */
const LEAST = 10;

const room = (width: number): number => Math.max(1, width - LABEL_WIDTH);

export function timeToX({ from, to }: View, width: number, time: number): number {
  return LABEL_WIDTH + ((time - from) / Math.max(1e-9, to - from)) * room(width);
}

/** The moment at a point; left and right of the lanes it is the first or the last one. */
export function xToTime({ from, to }: View, width: number, x: number): number {
  const share = Math.max(0, Math.min(1, (x - LABEL_WIDTH) / room(width)));
  return from + share * (to - from);
}

/** A view of this length, with a moment where it was, within the whole. */
function placed(view: View, length: number, at: number, whole: View): View {
  const most = whole.to - whole.from;
  const now = Math.min(Math.max(length, Math.min(LEAST, most)), most);
  const share = (at - view.from) / Math.max(1e-9, view.to - view.from);
  const from = Math.max(whole.from, Math.min(whole.to - now, at - share * now));
  return { from, to: from + now };
}

/** A view that shows `1 / factor` of the time, with the moment `at` where it was. */
export function zoomed(view: View, factor: number, at: number, whole: View): View {
  return placed(view, (view.to - view.from) / factor, at, whole);
}

/** A view that is later by a share of its length. */
export function panned(view: View, share: number, whole: View): View {
  const length = view.to - view.from;
  const from = Math.max(whole.from, Math.min(whole.to - length, view.from + share * length));
  return { from, to: from + length };
}

/** The view moved by the least that has a moment in it, with some room on its side. */
export function holding(view: View, moment: number, whole: View): View {
  if (moment >= view.from && moment <= view.to) return view;
  const length = view.to - view.from;
  const from = moment < view.from ? moment - 0.15 * length : moment - 0.85 * length;
  return panned({ from, to: from + length }, 0, whole);
}

/** A round step of 1, 2 or 5 times a power of ten that gives about `wanted` ticks. */
export function tickStep(length: number, wanted: number): number {
  const rough = length / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, rough)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return factor * power;
}
