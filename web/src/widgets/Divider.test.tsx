// @vitest-environment happy-dom

import { expect, test } from 'vitest';
import { change, press, show } from '../../testing/render.ts';
import { Divider } from './Divider.tsx';

test('w1 a separator says its size, moves by keys, and gives the size back', async () => {
  const sizes: (number | undefined)[] = [];
  const shown = await show(
    <Divider
      name="left"
      label="Width of the processes"
      size={300}
      onResize={(size) => sizes.push(size)}
      axis="x"
      resizes="before"
      least={200}
    />,
  );
  const bar = shown.querySelector('[role=separator]');
  expect(bar?.getAttribute('aria-orientation')).toBe('vertical');
  expect(bar?.getAttribute('aria-valuetext')).toBe('300 pixels');
  await press(bar, 'Home');
  await press(bar, 'ArrowUp');
  await press(bar, 'Enter');
  await change(() => bar?.dispatchEvent(new MouseEvent('dblclick')));
  expect(sizes).toEqual([200, undefined, undefined]);
});
