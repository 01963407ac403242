// Words of dialogs that have no file of their own here.

import { number, plural } from './format.ts';

export const dialogsText = {
  dialogs: {
    close: 'Close',
    cancel: 'Cancel',
    apply: 'Run it',
    keysTitle: 'Keys',
    keysNote:
      'Inside a grid the arrow keys, Home, End and Page Up and Down move the selection, with Shift they extend it, and Shift F10 opens its menu.',
    editTitle: 'Edit scenario',
    editNote: 'The whole document: machine, runtime and script. Running it starts a new machine.',
    editLabel: 'Scenario, as JSON',
    download: 'Save as a file',
    machineTitle: 'Machine',
    machineNote:
      'A new machine runs the same script from its first line. Empty fields use the default.',
    runTitle: 'Run a workload',
    runNote: 'Each CPU is a thread of the process. Every read is verified against the last write.',
    allCores: (cores: number) =>
      `This computer has ${plural(cores, 'core')}. With as many CPUs at work, the page is drawn less often.`,
    runLine: 'The line of the script',
    addPhase: 'Another phase',
    removePhase: (at: number) => `Remove phase ${at + 1}`,
    presetsNote: 'Your latest drafts are kept in this browser.',
    draft: (title: string) => `Back to your own: ${title}`,
    newScenario: 'Empty machine',
    shareTitle: 'Share',
    shareNote:
      'The address has the whole scenario, and your place in its run. It opens the same machine in the same state everywhere; nothing is kept on a server.',
    shareLabel: 'Address of this scenario',
    copy: 'Copy',
    copied: 'Copied',
    shareLength: (length: number) => `${plural(length, 'character')}`,
    shareLong: (length: number, safe: number) =>
      `${plural(length, 'character')}: some programs cut a link past ${number(safe)}. Send the file where that may happen.`,
    copyMarkdown: 'Copy as Markdown',
    copyFrame: 'Copy embed code',
    frameTitle: 'Embed',
    framePanels: 'Panels to embed',
    fileTitle: 'File and print',
    openFile: 'Open a file…',
    pictureTitle: 'Picture of a panel',
    picturePanel: 'Panel',
    saveAs: (kind: 'svg' | 'png') => `Save as ${kind.toUpperCase()}`,
    print: 'Print…',
    reportTitle: 'Audit and report',
    reportOk: 'Everything held.',
    reportFailed: (count: number) => `${plural(count, 'check')} failed.`,
    stateHash: 'Hash of all bytes of the processes',
    traceHash: 'Hash of all events',
    time: 'Time',
    latency: 'Fault latency',
    latencyColumns: ['Count', 'p50', 'p99', 'p99.9', 'Longest'],
    expected: 'expected',
    found: 'found',
    copyReport: 'Copy as JSON',
    textbookFrames: 'Frames for data',
    textbookRun: 'Run on a textbook’s machine',
  },
};
