// Joins every word that the page shows into one object, so that the page has one voice.

import { bugsText } from './bugs.ts';
import { cacheLinesText } from './cache-lines.ts';
import { cellsText } from './cells.ts';
import { commandsText } from './commands.ts';
import { compareText } from './compare.ts';
import { curvesText } from './curves.ts';
import { dialogsText } from './dialogs.ts';
import { errorsText } from './errors.ts';
import { eventsText } from './events.ts';
import { figuresText } from './figures.ts';
import { findingText } from './findings.ts';
import { duration, number, percent, quantile, rate, timed } from './format.ts';
import { glossaryText } from './glossary.ts';
import { inspectorText } from './inspector.ts';
import { keysText } from './keys.ts';
import { lessonText } from './lesson.ts';
import { listsText } from './lists.ts';
import { locksText } from './locks.ts';
import { machineOptionsText } from './machine-options.ts';
import { marksText } from './marks.ts';
import { pageText } from './page.ts';
import { picturesText } from './pictures.ts';
import { presetsText } from './presets.ts';
import { problemText } from './problem.ts';
import { replacementText } from './replacement.ts';
import { roomText } from './room.ts';
import { runText } from './run.ts';
import { scriptText } from './script.ts';
import { storyText } from './story.ts';
import { swapText } from './swap.ts';
import { thrashingText } from './thrashing.ts';
import { timelineText } from './timeline.ts';
import { tracesText } from './traces.ts';
import { transportText } from './transport.ts';
import { workloadText } from './workload.ts';

export const text = {
  ...marksText,
  ...pageText,
  ...commandsText,
  ...storyText,
  ...swapText,
  ...lessonText,
  ...presetsText,
  ...workloadText,
  ...cacheLinesText,
  ...cellsText,
  ...inspectorText,
  ...problemText,
  ...runText,
  ...scriptText,
  ...timelineText,
  ...tracesText,
  ...transportText,
  ...replacementText,
  ...roomText,
  ...eventsText,
  ...figuresText,
  ...keysText,
  ...listsText,
  ...locksText,
  ...dialogsText,
  ...machineOptionsText,
  ...compareText,
  ...curvesText,
  ...picturesText,
  ...thrashingText,
  ...bugsText,
  ...glossaryText,
  ...findingText,
  ...errorsText,
  duration,
  number,
  percent,
  quantile,
  timed,
  rate,
};
