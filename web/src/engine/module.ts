// Chooses and loads the build of the engine that a worker runs. The engine is compiled once for virtual CPUs and once
// for threads, so a visit fetches the half it needs; the teaching build has both, and its machines can have bugs.

import type { OpenFile } from '../../pkg-threads/faultline_threads.js';

/** What all have; the classes of one are not those of another, but no worker knows two. */
type Common = typeof import('../../pkg/faultline_wasm.js');
/** The teaching build can do what only a command asks for, too. */
type Teaching = Common &
  Pick<typeof import('../../pkg-bugs/faultline_teaching.js'), 'overridden' | 'printReport'>;
export type Engine = Common | Teaching;

/** What those with threads can do besides: have a machine's swap in a file. */
interface Swaps {
  useSwapFile(file: OpenFile): void;
  readonly Laboratory: {
    onDisk(
      text: string,
      traces: Record<string, string>,
    ): InstanceType<Common['Laboratory']> & {
      swapTraffic(): number;
    };
  };
}

/** A build as one that has threads; none if it has not. */
export function withSwapFile(engine: Engine): Swaps | undefined {
  return 'useSwapFile' in engine ? (engine as unknown as Swaps) : undefined;
}

export type Build = 'virtual' | 'threads' | 'teaching';

/** The folders of web that they are built to. */
export const FOLDERS: Readonly<Record<Build, string>> = {
  virtual: 'pkg',
  threads: 'pkg-threads',
  teaching: 'pkg-bugs',
};

export async function loadEngine(build: Build): Promise<Engine> {
  switch (build) {
    case 'virtual':
      return import('../../pkg/faultline_wasm.js');
    case 'threads':
      return (await import('../../pkg-threads/faultline_threads.js')) as unknown as Engine;
    case 'teaching':
      return (await import('../../pkg-bugs/faultline_teaching.js')) as unknown as Engine;
  }
}

interface Document {
  readonly machine?: { readonly bugs?: unknown } | null;
  readonly runtime?: { readonly kind?: unknown } | null;
}

function documentOf(text: string): Document {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** The build that a scenario asks for, to be read and to be run. If the scenario is wrong in any way, an engine says so. */
export function buildToRun(text: string): Build {
  const { machine, runtime } = documentOf(text);
  const bugs = machine?.bugs;
  if (Array.isArray(bugs) && bugs.length > 0) return 'teaching';
  return runtime?.kind === 'threads' ? 'threads' : 'virtual';
}

/** Whether a scenario asks for threads. */
export function isOnThreads(text: string): boolean {
  return documentOf(text).runtime?.kind === 'threads';
}

/** The build that can run a scenario on virtual CPUs, whatever it asks for. */
export function buildToRunVirtually(text: string): Build {
  const build = buildToRun(text);
  return build === 'threads' ? 'virtual' : build;
}
