// Words of errors.

import { number } from './format.ts';

export const errorsText = {
  errors: {
    title: 'This scenario cannot run',
    path: 'Where',
    found: 'Value',
    legal: 'Allowed',
    brokenTitle: { link: 'This link cannot be opened', file: 'This file cannot be opened' },
    links: {
      'unknown-version': (version: string) =>
        `It was made by a newer Faultline (link version ${version}); this one reads version 1. Reload the page to get the latest.`,
      'not-a-link': () => 'What follows the # in the address is not a Faultline scenario.',
      damaged: () =>
        'It is damaged or cut short. Ask for it again, and check that none of it was lost on the way.',
      'too-large': () => 'It unpacks to more than 4 MB, which is more than the page can show.',
      'not-text': () => 'Its contents are no text: it was damaged, or was never a scenario.',
    },
    linkNothingRan: 'Nothing was run.',
    stalled:
      'The machine has made no progress for some seconds. The browser may have ended one of the machine’s workers. Stop runs the lines before this one on a new machine; on virtual CPUs press it twice.',
    dismiss: 'Keep the current scenario',
    notKept:
      'This browser cannot keep your draft: its storage is full or forbidden. The draft lasts as long as this tab.',
    openDefault: 'Open the first preset',
    openEmpty: 'Empty machine',
    panicTitle: (worker: string, isPanic: boolean) =>
      `${worker} ${isPanic ? 'panicked' : 'stopped'}`,
    panicLine: (line: number, phrase: string) => `It was in line ${number(line)}: ${phrase}.`,
    panicNote: 'An error inside the engine ended this machine. The scenario is kept.',
    unbuiltTitle: 'This part of the engine could not be built',
    unbuiltNote:
      'The scenario is kept. The terminal of npm start says more: cure it, and run npm start again. The page then goes on by itself.',
    restart: 'Restart the machine',
    restartWithout: 'Restart without this line',
    report: 'Report',
    copyReport: 'Copy the report',
    notShared: {
      insecure:
        'This page came over plain http, where a browser lets it share no memory with its workers and keep nothing for a visit without a network: threads are unavailable, and every machine runs on virtual CPUs. Over https, or from a host on this computer (localhost), it has both.',
      browser:
        'This browser has no SharedArrayBuffer, so the page can share no memory with its workers: threads are unavailable, and every machine runs on virtual CPUs. Everything else works. Chromium and Firefox have threads.',
      host: 'This page is not cross-origin isolated, so it can share no memory with its workers: threads are unavailable, and every machine runs on virtual CPUs. Everything else works.',
    },
    share: 'Could not copy',
    picture: 'This browser could not make the picture.',
  },
};
