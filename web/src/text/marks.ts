// Words of the marks that cells and wires have beside the states' hues.

type Meanings = Readonly<Record<string, string>>;

export const marksText = {
  marks: {
    title: 'Marks',
    names: {
      accessed: 'accessed',
      dirty: 'dirty',
      shared: 'shared',
      locked: 'lock held',
      selected: 'selected',
      linked: 'named by the page',
      owned: 'of this process',
      changed: 'just changed',
      writable: 'writable',
      readOnly: 'read-only',
      faulting: 'faults',
    },
    meanings: {
      both: {
        selected: 'Selected: the wire runs from here',
        linked: 'The frame that the selected page is in, in any of the tables that are shown',
        owned: 'A page of the selected process is in it',
        changed: 'A ring that fades: it has just changed',
        writable: 'A wire to a frame: the PTE lets the process write',
        readOnly: 'A dashed wire: the PTE lets the process read only; a write faults',
        faulting: 'A dotted wire: the next access faults, or a fault is under way',
      } as Meanings,
      pages: {
        accessed: 'A tick: the accessed bit of the PTE is set',
        dirty: 'A dot: the dirty bit of the PTE is set',
        shared: 'An inner square: other PTEs refer to the same frame',
        locked:
          'A ring: the lock of the region that begins with this page is held; dashed: it is waited for',
      } as Meanings,
      frames: {
        accessed: 'A tick: a PTE that refers to the frame has its accessed bit set',
        dirty: 'A dot: the contents differ from their copy on swap, or have none',
        shared: 'An inner square: several PTEs refer to the frame',
        locked: 'A ring: the lock of the frame’s entry is held; dashed: it is waited for',
      } as Meanings,
    },
  },
};
