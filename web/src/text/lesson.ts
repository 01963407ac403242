// Words around a scenario's own words: its text, its questions, its variants, and the dialog that edits them.

import { number, plural } from './format.ts';

/** A count of what has a plural of its own; other options are told by their names. */
const COUNTED: Readonly<Record<string, string>> = { frames: 'frame', slots: 'slot', cpus: 'CPU' };

export const lessonText = {
  lesson: {
    title: 'What to see here',
    bugTitle: 'What to look for',
    line: (line: number) => `Line ${line + 1}`,
    question: (at: number, count: number) =>
      count === 1 ? 'Question' : `Question ${at} of ${count}`,
    number: 'Your answer, a number',
    check: 'Check',
    tellMe: 'Show me',
    running: (line: number) => `The script runs up to line ${line + 1}, which shows it…`,
    verdict: (isRight: boolean | undefined, right: string) =>
      isRight === undefined
        ? `It is ${right}.`
        : isRight
          ? `Right: ${right}.`
          : `No, it is ${right}.`,
    said: (given: string) => `You said ${given}.`,
    otherwise: (line: number) => `This machine did otherwise: see line ${line + 1}.`,
    next: 'Next question',
    done: 'All questions are answered.',
    again: 'Start again',
    covered: '?',
    coveredTitle: 'Covered until the question above is answered',
    coveredLine: 'answers the question',
    play: 'Press Play, or step: the script starts the first process.',
    variants: 'Variants',
    change: (option: string, name: string, value: unknown, shown: string) => {
      const noun = COUNTED[option];
      return noun !== undefined && typeof value === 'number'
        ? plural(value, noun)
        : `${name.replace(/^.(?=[a-z])/, (first) => first.toLowerCase())}: ${shown}`;
    },
    variant: (changes: readonly string[]) => `Try ${changes.join(', ')}`,
    compare: 'Compare',
    compareWith: (variant: string) => `Compare with this machine: ${variant}`,
    original: 'Back to the original',
    /** The dialog. */
    words: 'Text, notes and questions',
    wordsNote:
      'They are part of the scenario: whoever opens its link or its file reads them. A question on an expect without choices asks for the number that it expects.',
    titleField: 'Title',
    about: 'Text: what it shows and what to look for',
    noteOf: (line: number) => `Note for line ${line + 1}`,
    askAt: (line: number) => `Question before line ${line + 1}`,
    choicesOf: (line: number) =>
      `Choices before line ${line + 1}, one a line, the right one with a *`,
    note: 'Note',
    ask: 'Question',
    choices: 'Choices, one a line; * marks the right one',
    save: 'Keep',
    moreLines: (count: number) => `${number(count)} more lines: edit them as JSON.`,
  },
};
