import { expect, test } from 'vitest';
import { scenarioOfProgram } from '../script/trace-scenario.ts';
import { shippedTraces } from './shipped-traces.ts';
import { recordedPrograms } from './trace-library.ts';

test('r5 the list of recorded programs is that of the files', () => {
  expect(recordedPrograms.map(({ name }) => name).sort()).toEqual(shippedTraces);
  for (const program of recordedPrograms) {
    expect(program.about).toMatch(/^[A-Z].*\.$/);
    const { machine, script } = scenarioOfProgram(program);
    expect(machine?.data_frames).toBe(Math.ceil(program.pages / 2));
    expect(script).toContainEqual({
      ...{ op: 'run', process: program.name, pattern: { trace: program.name } },
      accesses: program.references,
    });
  }
});
