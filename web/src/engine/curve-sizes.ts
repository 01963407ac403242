// Chooses the sizes of memory at which a curve is counted: all of a small program's, and of a larger one as many as are
// wanted, each larger than the one before by the same factor.

/** The sizes in frames, ascending; `also` is one of them if it is one of a memory that does not hold all pages. */
export function curveSizes(pages: number, count: number, also?: number): number[] {
  const sizes = new Set<number>();
  if (pages <= count) {
    for (let size = 1; size <= pages; size++) sizes.add(size);
  } else {
    // The first sizes of a geometric series would be the same few frames.
    const first = Math.max(1, Math.floor(pages / 128));
    for (let at = 0; at < count; at++) {
      sizes.add(Math.round(first * (pages / first) ** (at / (count - 1))));
    }
  }
  if (also !== undefined && also >= 1 && also < pages) sizes.add(also);
  return [...sizes].sort((one, other) => one - other);
}
