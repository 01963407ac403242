// Holds whether the history of what is selected is shown, for every subject alike.

import { signal } from '@preact/signals';

export const whyOpen = signal(false);
/** Rises with each request to see the history: it is to be scrolled into view. */
export const whyAsked = signal(0);

export function askWhy(): void {
  whyOpen.value = true;
  whyAsked.value++;
}
