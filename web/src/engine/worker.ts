// The engine worker: it owns the machine, and may wait where the page may not.

import type { Laboratory as Machine } from '../../pkg/faultline_wasm.js';
import type { Layout, Problem } from '../generated/types.d.ts';
import { Images, type Rings } from './image.ts';
import {
  type Answer,
  type NumberedRequest,
  type Opened,
  type Request,
  TEACHING,
} from './messages.ts';
import { type Engine, loadEngine } from './module.ts';
import { reporting } from './panic.ts';
import { Timeline } from './timeline.ts';

const starting = loadEngine(self.name === TEACHING).then(async (engine) => {
  const { memory } = await engine.default();
  return { engine, memory };
});

let laboratory: Machine | undefined;
/** Of a virtual machine that a page looks at. */
let timeline: Timeline | undefined;

/** What a run takes beside its machine, in bytes, at most as a rule. */
const RESERVE = 8 << 20;

function machine(): Machine {
  if (laboratory === undefined) throw new Error('no machine is open');
  return laboratory;
}

function travels(): Timeline {
  if (timeline === undefined) throw new Error('this machine runs on threads: it cannot go back');
  return timeline;
}

function ringsOf({ addresses, strides, rings }: Layout): Rings {
  return { address: addresses.events, stride: strides.events, count: rings };
}

/** Lets messages come in. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
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
      timeline = undefined;
      const layout = laboratory.layout();
      if (request.observe && laboratory.threads() === 0) {
        laboratory.reserve(RESERVE);
        timeline = new Timeline(laboratory, new Images(memory, ringsOf(layout)));
      }
      const opened: Opened = {
        layout,
        memory,
        module: compiledModule(),
        pointer: laboratory.pointer(),
        threads: laboratory.threads(),
      };
      return opened;
    }
    case 'apply':
      return machine().apply(JSON.stringify(request.op));
    case 'follow':
      return travels().follow(request.script.map((op) => JSON.stringify(op)));
    case 'go':
      return travels().go(request.target, breathe);
    case 'stop':
      return timeline?.stop();
    case 'image-hash':
      return machine().imageHash();
    case 'processes':
      return machine().processes();
    case 'why': {
      const { subject } = request;
      const process = subject.of === 'page' ? subject.process : undefined;
      return machine().why(subject.of, subject.number, process);
    }
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
      tell({ kind: 'answer', id, value: await serve(request as Request, engine, memory) });
    } catch (error) {
      if (!isProblem(error)) throw error;
      const { path, found, legal, message } = error;
      tell({ kind: 'refused', id, problem: { path, found, legal, message } });
    }
  }),
);
