// Words of traces that the visitor opens: how they are read, what came of it, and the list of them.

import type { AttachedTrace } from '../types/attached-trace.ts';
import type { RecordedProgram } from '../types/recorded-program.ts';
import { number, plural, size } from './format.ts';

const facts = ({ references, pages }: Pick<AttachedTrace, 'references' | 'pages'>) =>
  `${plural(references, 'reference')} to ${plural(pages, 'page')}`;

const sampled = (onePageIn: number) => `1 page in ${number(onePageIn)}`;

/** Sentences that follow each other. */
const sentences = (...parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');

export const tracesText = {
  traces: {
    title: (trace: AttachedTrace) =>
      `${trace.name}: ${facts(trace)}${trace.onePageIn > 1 ? `, a sample of ${sampled(trace.onePageIn)}` : ''}`,
    /** What the scenario of a trace says to its reader. */
    about: (trace: AttachedTrace) =>
      sentences(
        `The memory references of ${trace.file} (format ${trace.format}): ${facts(trace)}, ${plural(trace.writes, 'write')} among them.`,
        trace.onePageIn > 1
          ? `It is a sample: ${sampled(trace.onePageIn)} with all references to it, of ${number(trace.all_references)} references to ${plural(trace.all_pages, 'page')}; a memory with ${number(trace.onePageIn)} times the frames would behave alike with all of them.`
          : '',
        trace.cut === null ? '' : `Of the file, ${trace.cut}.`,
        trace.problem === null
          ? ''
          : `${plural(trace.bad_lines, 'line was', 'lines were')} passed over; the first: ${trace.problem}.`,
      ),
    programTitle: (program: RecordedProgram) => `${program.name}: ${facts(program)}`,
    programAbout: (program: RecordedProgram) =>
      `${program.about} Recorded with valgrind: ${program.command}. ${facts(program)}, ${plural(program.writes, 'write')} among them; half of the pages have a frame.`,
    programs: 'Recorded programs',
    programsNote: 'They come with the page. Each is a real program, page by page.',
    attached: 'Your traces',
    open: 'Open a trace…',
    presetsHint: 'Or bring the memory references of a program of your own:',
    dialogTitle: 'Traces',
    dialogNote:
      'The memory references of a program: valgrind lackey, perf, DynamoRIO, Pin, libCacheSim, damo, csv or plain addresses, packed with gzip or zstd or not. Drop a file anywhere on the page, or open it here. It is read in this browser and sent nowhere.',
    pageSize: 'Page size',
    pageSizes: (bytes: number) =>
      bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${number(bytes / 1024)} KiB`,
    none: 'No trace is attached yet. Open one: then its miss ratio curves and the pictures of its references can be drawn.',
    from: (trace: AttachedTrace) =>
      `${trace.file}${trace.onePageIn > 1 ? `, ${sampled(trace.onePageIn)}` : ''}`,
    facts,
    size,
    play: 'Open',
    playNamed: (name: string) => `Open ${name}`,
    save: 'Save',
    saveNamed: (name: string) => `Save ${name} as a file`,
    remove: 'Remove',
    removeNamed: (name: string) => `Remove ${name}`,
    reading: (file: string, share: number, references: number) =>
      `Reading ${file}: ${Math.floor(share * 100)} %, ${plural(references, 'reference')}`,
    stop: 'Stop reading',
    refused: (file: string) => `${file} cannot be opened as a trace`,
    /** The reader's sentence may be about the whole, and begin with a verb. */
    sentence(message: string): string {
      // A byte that is no text stands there as an escape of the reader's language.
      const said = message.replaceAll(/\\u\{[0-9a-f]+\}/g, '\uFFFD');
      return /^(?:has|touches|begins) /.test(said)
        ? `It ${said}.`
        : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
    },
    formats: {
      label: 'If it is a trace, its format is',
      names: {
        plain: 'plain: an address a line',
        csv: 'csv: columns with names',
        faultline: 'Faultline: a page number a line',
        lackey: 'valgrind lackey',
        'perf-script': 'perf script',
        'perf-mem': 'perf mem report -D',
        drmemtrace: 'DynamoRIO drmemtrace view',
        memtrace: 'DynamoRIO memtrace',
        pinatrace: 'Pin pinatrace',
        damo: 'damo raw form',
        oracleGeneral: 'libCacheSim oracleGeneral',
      },
      columns: {
        object: 'Column of objects',
        address: 'or of addresses',
        write: 'Column of what is done',
      },
      usual: 'name, or number from 1',
      read: 'Read as this format',
    },
    scenarioHint: 'A scenario is a JSON file.',
    tooLarge: (file: string) => `${file} is too large for a machine in the browser`,
    tooLargeWhy: (
      { references, all_references, pages, bytes }: Omit<AttachedTrace, 'name' | 'at'>,
      mostBytes: number,
      mostPages: number,
    ) =>
      sentences(
        references === all_references
          ? `It has ${facts({ references, pages })}.`
          : `The sample has ${facts({ references, pages })}.`,
        bytes > mostBytes
          ? `They take ${size(bytes)}; at most ${size(mostBytes)} can be replayed here.`
          : '',
        pages > mostPages ? `A process has at most ${plural(mostPages, 'page')}.` : '',
      ),
    sample: (onePageIn: number) => `Open a sample of ${sampled(onePageIn)}`,
    notKept: (name: string, bytes: number) =>
      `This browser has no room to keep the trace ${name}, ${size(bytes)}: it lasts as long as this tab.`,
    dismiss: 'Dismiss',
    missing: (name: string) => `The trace ${name} is not here`,
    missingWhy: (name: string) =>
      `This scenario replays the trace ${name}, which neither comes with the page nor was attached in this browser. Open its file, whatever it is called: the scenario runs with it.`,
    missingEmbedded: (name: string) =>
      `This scenario replays the trace ${name}, which is not in this browser.`,
    openMissing: (name: string) => `Open the file of ${name}…`,
    notInLink: (names: readonly string[]) =>
      `The link does not contain the trace ${names.join(', ')}: send its file too. Whoever opens the link is asked for it.`,
  },
};
