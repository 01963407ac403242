// The names of replacement policies. A rule of one's own has one too.

import type { Policy } from '../generated/types.d.ts';

export type PolicyName = Extract<Policy, string> | 'rule';
