// Keeps where the visitor wants the swap of machines, as long as the visit lasts, and where that of the open machine is.

import { signal } from '@preact/signals';
import type { Laboratory } from '../../engine/client.ts';

/** Whether swap is to be on disk, where it can be. */
export const wantsDisk = signal(false);

/** Where the swap of the open machine is, if it was wanted on disk. */
export const swapPlace = signal<Laboratory['swap']>(undefined);
