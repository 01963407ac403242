// Measures a machine's progress: what it has done that gets a program on, or makes room for it. Faults and evictions
// alone are no movement: a machine that reads pages in and evicts them again turns in a circle.

const movements = ['accesses', 'demand_zero', 'copies', 'swap_writes'] as const;

/** One number that grows while the machine gets on. */
export function movementOf(counters: Readonly<Record<string, number>>): number {
  return movements.reduce((total, name) => total + (counters[name] ?? 0), 0);
}
