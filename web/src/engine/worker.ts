// The engine worker: it owns the machine, and may wait where the page may not.

import type { Laboratory as Machine } from '../../pkg/faultline_wasm.js';
import type { Problem } from '../generated/types.d.ts';
import {
  type Answer,
  type NumberedRequest,
  type Opened,
  type Request,
  TEACHING,
} from './messages.ts';
import { type Engine, loadEngine } from './module.ts';
import { reporting } from './panic.ts';

const starting = loadEngine(self.name === TEACHING).then(async (engine) => {
  const { memory } = await engine.default();
  return { engine, memory };
});

let laboratory: Machine | undefined;

function machine(): Machine {
  if (laboratory === undefined) throw new Error('no machine is open');
  return laboratory;
}

function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'legal' in error && 'path' in error;
}

function serve(request: Request, engine: Engine, memory: WebAssembly.Memory): unknown {
  const { check, compiledModule, Laboratory, traceNames } = engine;
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
    const { engine, memory } = await starting;
    if (!engine.sharedMemory()) throw new Error('the engine was built without shared memory');
    try {
      tell({ kind: 'answer', id, value: serve(request as Request, engine, memory) });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const { path, found, legal, message } = error;
      tell({ kind: 'refused', id, problem: { path, found, legal, message } });
    }
  }),
);
