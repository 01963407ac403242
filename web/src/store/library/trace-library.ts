// Lists the recorded programs that come with the page: what each is, how it was recorded, and how much it is. The
// references themselves are fetched when one is opened (shipped-traces.ts).

import list from '../../../../traces/library.json' with { type: 'json' };
import type { RecordedProgram } from '../../types/recorded-program.ts';

export const recordedPrograms: readonly RecordedProgram[] = list;
