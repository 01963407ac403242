// Words of the page's room: tabs, panels that are given all of it, sizes of type, and the sheet about a cell.

export const roomText = {
  room: {
    skip: 'Skip to the transport',
    deck: 'Panels of the deck',
    side: 'Panels at the side',
    maximise: (panel: string) => `Give all the room to ${panel}`,
    restore: 'Back to all panels',
    sheet: 'The selected cell',
    closeSheet: 'Close',
    view: 'How the page looks',
    typeSize: 'Size of type',
    typeSizes: { usual: 'Usual', large: 'Large', largest: 'Largest' },
    presenting: 'Page ↓ and Page ↑ step by line.',
    leavePresenting: 'End presenting',
    moreSiblings: (count: number) => `${count} more`,
    fewerSiblings: 'Fewer',
    embed: {
      theme: 'Theme',
      themes: { system: 'As the reader’s system', light: 'Light', dark: 'Dark' },
      begins: 'Begins',
      ways: { here: 'Where I am now', start: 'At the start', plays: 'At the start, and plays' },
    },
    close: (name: string) => `Close ${name}`,
  },
};
