// Holds which module the page waits for while it is still being built, on the page of `npm start`.

import { signal } from '@preact/signals';
import { type Awaited, hearAwaited } from '../../engine/awaited-modules.ts';

export const awaitedBuild = signal<Awaited | undefined>(undefined);

hearAwaited((module) => {
  awaitedBuild.value = module;
});
