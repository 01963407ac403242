// Tells a problem of a scenario in the words of the forms: where it is, what stands there, what may, and what was
// probably meant.

import type { Problem } from '../../generated/types.d.ts';
import type { ProblemFacts } from '../../text/problem.ts';
import { text } from '../../text/text.ts';
import { placeIn, type Span, spanAt } from './json-place.ts';
import { nearest } from './nearest.ts';

/** A text that is no JSON: the reader says where it stopped. */
const POSITION = /^line (\d+), column (\d+)/;

export function factsOf(problem: Problem, source?: string): ProblemFacts {
  const { path, found, legal } = problem;
  const position = POSITION.exec(problem.message);
  if (path === '' && position !== null) {
    const [line, column] = [Number(position[1]), Number(position[2])];
    const { from, to } = spanAt(source ?? '', line, column);
    const word = (source ?? '').slice(from, to);
    // What stands there, and why it may not.
    const there = word === '' ? text.problem.nothing : `“${word}”`;
    const value = source === undefined ? found : `${there}: ${found}`;
    return { path, where: text.problem.position(line, column), value, allowed: legal };
  }
  // A key that does not belong there, or a word that is none of some.
  const words = legal.split(/, | or /).map((word) => word.replaceAll(/^"|"$/g, ''));
  const said = /^"(.*)"$/.exec(found)?.[1] ?? path.split('/').at(-1) ?? '';
  const isOneOf = words.length > 1 && words.every((word) => /^[\w$-]+$/.test(word));
  const meant = isOneOf ? nearest(said, words) : undefined;
  return {
    path,
    where: text.problem.where(path),
    value: found,
    allowed: legal.replaceAll(/\b\d{5,}\b/g, (digits) => text.number(Number(digits))),
    ...(meant !== undefined && { meant }),
  };
}

/** What to select in the text: the key or the value that is wrong; its object, if it is not there. */
export function spanOf(problem: Problem, source: string): Span {
  const position = POSITION.exec(problem.message);
  if (problem.path === '' && position !== null) {
    return spanAt(source, Number(position[1]), Number(position[2]));
  }
  for (let { path } = problem; ; path = path.slice(0, path.lastIndexOf('/'))) {
    const place = placeIn(source, path);
    if (place !== undefined && path === problem.path) {
      const isKey = problem.message.includes('is no key');
      return isKey ? (place.key ?? place.value) : place.value;
    }
    if (place !== undefined) return { from: place.value.from, to: place.value.from };
    if (path === '') return { from: 0, to: 0 };
  }
}
