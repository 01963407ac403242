// Registers where the cells of each grid stand on the screen, for what travels between grids.

import type { Place } from '../draw/flow.ts';

type CellPlace = (index: number) => Place | undefined;

const grids = new Map<string, CellPlace>();

/** Tells where a grid's cells are; the answer takes it back. */
export function placeGrid(name: string, place: CellPlace): () => void {
  grids.set(name, place);
  return () => {
    if (grids.get(name) === place) grids.delete(name);
  };
}

/** The middle of a cell in the window, and its side, if it can be seen. */
export function placeOf(name: string, index: number): Place | undefined {
  return grids.get(name)?.(index);
}
