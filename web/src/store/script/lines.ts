// Reads a script that is written as lines, one phrase each, into a scenario with a machine of defaults.

import type { Scenario } from '../../generated/types.d.ts';
import { EMPTY, freshChildName, freshName, scriptOf, trailOf } from './document.ts';
import { type Defaults, PhraseProblem, readPhrase } from './phrase.ts';

/** What is wrong in a line, which is counted from 1. */
export class LineProblem extends Error {
  readonly line: number;
  readonly phrase: PhraseProblem;

  constructor(line: number, phrase: PhraseProblem) {
    super(`line ${line}: ${phrase.message}`);
    this.name = 'LineProblem';
    this.line = line;
    this.phrase = phrase;
  }
}

const SPAWNED_PAGES = 64;

/** What a phrase leaves out is what the lines before it touched last. */
function defaultsAfter(scenario: Scenario): Defaults {
  const { process, page = 0 } = trailOf(scriptOf(scenario));
  return {
    process,
    first: page,
    last: page,
    offset: 0,
    value: scriptOf(scenario).length,
    spawnPages: SPAWNED_PAGES,
    nameOfSpawn: freshName(scenario, 'init'),
    nameOfFork: (parent) => freshChildName(scenario, parent),
  };
}

/** The scenario of these lines; empty ones are passed over. Throws a `LineProblem`. */
export function scenarioOfLines(text: string): Scenario {
  let scenario = EMPTY;
  for (const [at, line] of text.split('\n').entries()) {
    const phrase = line.trim();
    if (phrase === '') continue;
    try {
      const ops = readPhrase(phrase, defaultsAfter(scenario));
      scenario = { ...scenario, script: [...scriptOf(scenario), ...ops] };
    } catch (error) {
      throw error instanceof PhraseProblem ? new LineProblem(at + 1, error) : error;
    }
  }
  return scenario;
}
