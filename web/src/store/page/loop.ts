// Makes the page's one frame loop.

import { FrameLoop } from '../../draw/frame-loop.ts';

export const loop = new FrameLoop();
