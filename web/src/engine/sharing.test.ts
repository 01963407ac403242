import { expect, test } from 'vitest';
import { hindranceIn } from './sharing.ts';

test('w6 a page shares memory where it is isolated and its browser has shared memory', () => {
  const world = { isSecureContext: true, crossOriginIsolated: true, SharedArrayBuffer };
  expect(hindranceIn(world)).toBeUndefined();
  // WebKitGTK as it is installed.
  expect(hindranceIn({ ...world, SharedArrayBuffer: undefined })).toBe('browser');
  expect(hindranceIn({ ...world, crossOriginIsolated: false })).toBe('host');
  expect(hindranceIn({ isSecureContext: true })).toBe('host');
  expect(hindranceIn({ isSecureContext: false, crossOriginIsolated: false })).toBe('insecure');
});
