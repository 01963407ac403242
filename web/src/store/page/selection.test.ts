import { beforeEach, expect, test } from 'vitest';
import {
  following,
  lookAt,
  lookNowhere,
  selectedPage,
  selectedProcess,
  selectFrame,
  selectPage,
  selectPagesTo,
  selectProcess,
} from './selection.ts';

beforeEach(lookNowhere);

test('w3 the selection goes with the run until the visitor selects something', () => {
  expect(following.value).toBe(true);
  lookAt({ process: 'child', page: 5 });
  expect([following.value, selectedProcess.value, selectedPage.value]).toEqual([true, 'child', 5]);
  for (const select of [
    () => selectProcess('parent'),
    () => selectPage(3),
    () => selectPagesTo(4),
    () => selectFrame(6),
  ]) {
    following.value = true;
    select();
    expect(following.value).toBe(false);
  }
});

test('w3 another scenario is followed again', () => {
  selectPage(3);
  lookNowhere();
  expect(following.value).toBe(true);
});
