// Cuts a phrase into tokens: words, numbers, names in quotes and signs. Commas, dots between facts and `page` say nothing.

import { PhraseProblem } from './phrase-problem.ts';

export interface Token {
  readonly at: number;
  readonly text: string;
  readonly kind: 'word' | 'number' | 'name' | 'sign' | 'end';
}

const PIECES =
  /(?<name>"(?:[^"\\]|\\.)*")|(?<number>\d{1,3}(?:,\d{3})+(?![\d,])|\d+(?:\.(?!\.)\d+)?(?![\w-]))|(?<sign>\.\.|>=|<=|≥|≤|→|->|[=+&;()])|(?<skip>[\s,·]+|pages?(?![\w-]))|(?<word>(?:(?!\.\.)[^\s,·"=+&;()<>≥≤→])+)|(?<rest>.)/gsu;

export function tokensOf(phrase: string): Token[] {
  const tokens: Token[] = [];
  for (const match of phrase.matchAll(PIECES)) {
    const { name, number, sign, word, rest } = match.groups ?? {};
    const at = match.index;
    if (name !== undefined) tokens.push({ at, text: unquoted(name, at), kind: 'name' });
    else if (number !== undefined) {
      tokens.push({ at, text: number.replaceAll(',', ''), kind: 'number' });
    } else if (sign !== undefined) tokens.push({ at, text: sign, kind: 'sign' });
    else if (word !== undefined) tokens.push({ at, text: word, kind: 'word' });
    else if (rest !== undefined) tokens.push({ at, text: rest, kind: 'sign' });
  }
  return tokens;
}

function unquoted(quoted: string, at: number): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new PhraseProblem(at, quoted, 'a name in quotes as JSON has it');
  }
}
