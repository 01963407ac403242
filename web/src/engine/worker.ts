// The engine worker: it owns the machine, and may wait where the page may not.

import init, {
  check,
  compiledModule,
  type InitOutput,
  Laboratory,
  sharedMemory,
  traceNames,
} from '../../pkg/faultline_wasm.js';
import type { Problem } from '../generated/types.d.ts';
import type { Answer, NumberedRequest, Opened, Request } from './messages.ts';
import { reporting } from './panic.ts';

const starting: Promise<InitOutput> = init();

let laboratory: Laboratory | undefined;

function machine(): Laboratory {
  if (laboratory === undefined) throw new Error('no machine is open');
  return laboratory;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'legal' in error && 'path' in error;
}

function serve(request: Request, memory: WebAssembly.Memory): unknown {
  switch (request.kind) {
    case 'check':
      return check(request.text);
    case 'trace-names':
      return traceNames(request.text);
    case 'open': {
      laboratory = new Laboratory(request.text, request.traces);
      if (request.observe) laboratory.observe();
      const opened: Opened = {
        layout: laboratory.layout(),
        memory,
        module: compiledModule(),
        pointer: laboratory.pointer(),
        threads: laboratory.threads(),
      };
      return opened;
    }
    case 'apply':
      return machine().apply(JSON.stringify(request.op));
    case 'processes':
      return machine().processes();
    case 'finish':
      return machine().finish();
    case 'print':
      return machine().print(request.json);
  }
}

const tell = (answer: Answer) => postMessage(answer);

// Set before anything is awaited: a message that comes earlier is lost.
addEventListener('message', ({ data: { id, ...request } }: MessageEvent<NumberedRequest>) =>
  reporting(async () => {
    const { memory } = await starting;
    if (!sharedMemory()) throw new Error('the engine was built without shared memory');
    try {
      tell({ kind: 'answer', id, value: serve(request as Request, memory) });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const { path, found, legal, message } = error;
      tell({ kind: 'refused', id, problem: { path, found, legal, message } });
    }
  }),
);
