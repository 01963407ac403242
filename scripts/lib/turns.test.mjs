import { expect, test } from 'vitest';
import { inTurn, writer } from './turns.mjs';

/** A promise that is kept when somebody says so. */
function signal() {
  let give = () => {};
  const given = new Promise((done) => {
    give = () => done(undefined);
  });
  return { give, given };
}

test('words of what runs at one time are kept apart: the first speaks, others are told whole', async () => {
  let shown = '';
  const stream = { write: (/** @type {string | Uint8Array} */ chunk) => (shown += chunk) };
  const out = process.stdout.write;
  process.stdout.write = (/** @type {string | Uint8Array} */ chunk) => {
    shown += chunk;
    return true;
  };
  try {
    const [first, second, third] = [signal(), signal(), signal()];
    const speak = async (
      /** @type {string} */ name,
      /** @type {ReturnType<typeof signal>} */ until,
    ) => {
      writer()(stream, `${name} begins\n`);
      await until.given;
      writer()(stream, `${name} ends\n`);
    };
    const one = inTurn('one', () => speak('one', first));
    const two = inTurn('two', () => speak('two', second));
    const three = inTurn('three', () => speak('three', third));
    expect(shown).toBe('one begins\n');
    second.give();
    await two;
    expect(shown).toBe('one begins\ntwo begins\ntwo ends\n\n== one, goes on\n');
    first.give();
    await one;
    expect(shown).toMatch(/one ends\nthree begins\n$/);
    third.give();
    await three;
    expect(shown).toMatch(/three begins\nthree ends\n$/);
  } finally {
    process.stdout.write = out;
  }
});

test('who waits for nobody is shown at once', () => {
  let shown = '';
  writer()({ write: (chunk) => (shown += chunk) }, 'alone');
  expect(shown).toBe('alone');
});
