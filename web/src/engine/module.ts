// Which engine a worker runs: the usual one, or the teaching build, whose machines can have bugs.

/** What both have; the classes of one are not those of the other, but no worker knows both. */
export type Engine = typeof import('../../pkg/faultline_wasm.js');

export async function loadEngine(teaching: boolean): Promise<Engine> {
  if (!teaching) return import('../../pkg/faultline_wasm.js');
  return (await import('../../pkg-bugs/faultline_wasm.js')) as unknown as Engine;
}

/** Whether a scenario switches bugs on. If it is wrong in any way, an engine says so. */
export function switchesBugsOn(text: string): boolean {
  try {
    const bugs: unknown = JSON.parse(text)?.machine?.bugs;
    return Array.isArray(bugs) && bugs.length > 0;
  } catch {
    return false;
  }
}
