// Makes a picture of the table of references by frames, whole, for paper: black upon white.

import { escapeXml } from '../draw/vector.ts';

const HEAD = 64;
const LINE = 24;
const LEAST_COLUMN = 30;
const CHARACTER = 8;

interface Cell {
  readonly page: number;
  readonly isNew: boolean;
  readonly isTrimmed: boolean;
}

interface Matrix {
  readonly frames: readonly number[];
  readonly columns: readonly {
    readonly reference: { readonly page: number; readonly fault: number | undefined };
    readonly cells: readonly (Cell | undefined)[];
    readonly out: readonly number[];
  }[];
}

interface Words {
  readonly title: string;
  readonly page: string;
  readonly fault: string;
  readonly out: string;
  readonly mark: string;
  readonly frame: (frame: number) => string;
  readonly pageNumber: (page: number) => string;
}

export function matrixSvg({ frames, columns }: Matrix, words: Words): string {
  const longest = Math.max(
    ...columns.flatMap(({ reference, cells, out }) => [
      words.pageNumber(reference.page).length,
      ...cells.map((cell) => (cell === undefined ? 0 : words.pageNumber(cell.page).length)),
      out.map(words.pageNumber).join(' ').length,
    ]),
    1,
  );
  const column = Math.max(LEAST_COLUMN, longest * CHARACTER + 10);
  const width = HEAD + columns.length * column + 16;
  const top = 34;
  const height = top + (frames.length + 3) * LINE + 12;
  const parts: string[] = [];
  const put = (x: number, row: number, told: string, style = '') => {
    parts.push(`<text x="${x}" y="${top + row * LINE + 16}" ${style}>${escapeXml(told)}</text>`);
  };
  const middle = (at: number) => HEAD + at * column + column / 2;
  const centred = 'text-anchor="middle"';
  put(8, 0, words.page);
  for (const [row, frame] of frames.entries()) put(8, row + 1, words.frame(frame));
  put(8, frames.length + 1, words.fault);
  put(8, frames.length + 2, words.out);
  for (const [at, { reference, cells, out }] of columns.entries()) {
    put(middle(at), 0, words.pageNumber(reference.page), `${centred} font-weight="700"`);
    for (const [row, cell] of cells.entries()) {
      const [x, y] = [HEAD + at * column, top + (row + 1) * LINE];
      const box = `<rect x="${x}" y="${y}" width="${column}" height="${LINE}"`;
      parts.push(`${box} fill="${cell?.isNew ? '#e4e8ec' : 'none'}" stroke="#9aa4ae"/>`);
      if (cell === undefined) continue;
      const look = `${cell.isNew ? ' font-weight="700"' : ''}${cell.isTrimmed ? ' fill="#6a747e"' : ''}`;
      put(middle(at), row + 1, words.pageNumber(cell.page), centred + look);
    }
    if (reference.fault !== undefined)
      put(middle(at), frames.length + 1, words.mark, `${centred} font-weight="700"`);
    const left = out.map(words.pageNumber).join(' ');
    if (left !== '')
      put(middle(at), frames.length + 2, left, `${centred} text-decoration="line-through"`);
  }
  const title = escapeXml(words.title);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
    ` font-family="system-ui, sans-serif" font-size="13"><title>${title}</title>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>` +
    `<text x="8" y="22" font-weight="600">${title}</text>${parts.join('')}</svg>`
  );
}
