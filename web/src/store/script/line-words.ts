// The words of a line as fields that can be typed, and back: its note, its question, and the choices of this.

import type { Op } from '../../generated/types.d.ts';

export interface LineWords {
  readonly note: string;
  readonly ask: string;
  /** One choice a line; the right one begins with an asterisk. */
  readonly choices: string;
}

export function wordsOf({ note = '', question }: Op): LineWords {
  const choices = (question?.choices ?? []).map((choice, at) =>
    at === question?.right ? `* ${choice}` : choice,
  );
  return { note, ask: question?.ask ?? '', choices: choices.join('\n') };
}

/** The line with other words. The same line if its words are the same, so that nothing has changed. */
export function withLineWords(op: Op, words: LineWords): Op {
  const now = wordsOf(op);
  if (now.note === words.note && now.ask === words.ask && now.choices === words.choices) return op;
  const { note: _note, question: _question, ...deed } = op;
  const lines = words.choices.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const right = said.findIndex((line) => line.startsWith('*'));
  const choices = said.map((line) => line.replace(/^\*\s*/, ''));
  const [note, ask] = [words.note.trim(), words.ask.trim()];
  return {
    ...deed,
    ...(note !== '' && { note }),
    ...(ask !== '' && {
      question: {
        ask,
        ...(choices.length > 0 && { choices }),
        ...(right >= 0 && { right }),
      },
    }),
  } as Op;
}
