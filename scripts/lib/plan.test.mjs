import { expect, test } from 'vitest';
import { carryOut } from './plan.mjs';

/** Carries a plan out, and notes what happens. @param {import('./plan.mjs').Planned[]} plan @param {number} atOnce */
async function noted(plan, atOnce = 2) {
  const notes = /** @type {string[]} */ ([]);
  let running = 0;
  await carryOut(plan, {
    atOnce,
    async run({ name, body }) {
      running++;
      notes.push(`${name} begins as one of ${running}`);
      const isDone = (await body()) !== false;
      notes.push(`${name} ${isDone ? 'is done' : 'failed'}`);
      running--;
      return isDone;
    },
    block: ({ name }, by) => notes.push(`${name} is blocked by ${by}`),
  });
  return notes;
}

const turns = async (/** @type {number} */ count) => {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
};

test('two steps run at a time, and each waits for what it needs', async () => {
  const notes = await noted([
    { name: 'a', body: () => turns(50) },
    { name: 'b', needs: ['a'], body: () => turns(1) },
    { name: 'c', body: () => turns(5) },
    { name: 'd', body: () => turns(5) },
  ]);
  expect(notes.slice(0, 2)).toEqual(['a begins as one of 1', 'c begins as one of 2']);
  expect(notes.indexOf('b begins as one of 1')).toBeGreaterThan(notes.indexOf('a is done'));
  expect(notes.filter((note) => note.endsWith('of 3'))).toEqual([]);
  expect(notes.filter((note) => note.endsWith('is done'))).toHaveLength(4);
});

test('two steps that use the same thing never run at one time', async () => {
  const notes = await noted([
    { name: 'a', uses: 'apt', body: () => turns(20) },
    { name: 'b', uses: 'apt', body: () => turns(1) },
    { name: 'c', body: () => turns(1) },
  ]);
  expect(notes.indexOf('b begins as one of 1')).toBeGreaterThan(notes.indexOf('a is done'));
  expect(notes).toContain('c begins as one of 2');
});

test('a step that is to run alone waits until nothing else can run, and nothing begins beside it', async () => {
  const notes = await noted([
    { name: 'a', alone: true, body: () => turns(20) },
    { name: 'b', body: () => turns(5) },
    { name: 'c', needs: ['b'], body: () => turns(5) },
    { name: 'd', needs: ['a'], body: () => turns(5) },
    { name: 'e', needs: ['a'], body: () => turns(5) },
  ]);
  // The first of a plan finds nothing that runs.
  expect(notes.slice(0, 2)).toEqual(['a begins as one of 1', 'a is done']);
  const later = await noted([
    { name: 'b', body: () => turns(5) },
    { name: 'a', needs: ['b'], alone: true, body: () => turns(20) },
    { name: 'c', body: () => turns(50) },
    { name: 'd', body: () => turns(5) },
  ]);
  expect(later.slice(-2)).toEqual(['a begins as one of 1', 'a is done']);
});

test('a failure blocks what needs it, and that what needs it in turn, and nothing else', async () => {
  const notes = await noted(
    [
      { name: 'a', body: () => false },
      { name: 'b', needs: ['a'], body: () => true },
      { name: 'c', needs: ['b'], body: () => true },
      { name: 'd', body: () => true },
    ],
    1,
  );
  expect(notes).toEqual([
    'a begins as one of 1',
    'a failed',
    'b is blocked by a',
    'c is blocked by b',
    'd begins as one of 1',
    'd is done',
  ]);
});

test('a plan that names a step which does not come before is refused', async () => {
  await expect(noted([{ name: 'a', needs: ['b'], body: () => true }])).rejects.toThrow(
    'a needs b, which does not come before it',
  );
});
