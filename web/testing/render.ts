// Renders components for tests into the document of the test's environment.

import { type ComponentChild, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach } from 'vitest';

const shown: Element[] = [];

/** Renders into a new element at the end of the document; it is taken away after the test. */
export async function show(node: ComponentChild): Promise<HTMLElement> {
  const element = document.createElement('div');
  document.body.append(element);
  shown.push(element);
  await act(() => render(node, element));
  return element;
}

/** Changes something, and waits until what is rendered has followed. */
export async function change(body: () => unknown): Promise<void> {
  await act(async () => {
    await body();
  });
}

/** Types into a field, as a visitor does. */
export function type(field: Element | null, value: string): Promise<void> {
  if (!(field instanceof HTMLInputElement)) throw new Error('there is no such field');
  return change(() => {
    field.value = value;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  });
}

/** Chooses in a list, as a visitor does. */
export function choose(list: Element | null, value: string): Promise<void> {
  if (!(list instanceof HTMLSelectElement)) throw new Error('there is no such list');
  return change(() => {
    list.value = value;
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

export function press(element: Element | null, key: string): Promise<void> {
  if (element === null) throw new Error('there is no such element');
  return change(() => element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
}

export function click(element: Element | null): Promise<void> {
  if (!(element instanceof HTMLElement)) throw new Error('there is no such element');
  return change(() => element.click());
}

/** The words of an element, as they are read. */
export function words(element: Element | null | undefined): string {
  return (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

afterEach(() => {
  for (const element of shown.splice(0)) {
    render(null, element);
    element.remove();
  }
});
