// Makes a trace as valgrind's lackey writes it.

/**
 * A trace of a program with a few hot pages and many cold ones, of so many accesses to some 600 pages.
 * @param {number} count
 */
export function lackeyTrace(count) {
  let state = 1;
  const below = (/** @type {number} */ bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) ** 3 * bound);
  };
  const rows = Array.from({ length: count }, (_, at) => {
    const address = (0x40_0000 + below(600) * 4096 + (at % 500) * 8).toString(16);
    return at % 3 === 0 ? `I  ${address},4` : ` ${at % 3 === 1 ? 'L' : 'S'} ${address},8`;
  });
  return `==1== Lackey, an example Valgrind tool\n${rows.join('\n')}\n`;
}
