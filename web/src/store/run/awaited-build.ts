// Holds which build of the engine the page waits for while it is still being made, on the page of `npm start`.

import { signal } from '@preact/signals';
import { hearAwaited } from '../../engine/client.ts';
import type { Build } from '../../engine/module.ts';

export const awaitedBuild = signal<Build | undefined>(undefined);

hearAwaited((build) => {
  awaitedBuild.value = build;
});
