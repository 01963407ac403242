import { Fragment } from 'preact';
import { dialog, openings } from '../store/page/open-dialog.ts';
import { BreakpointsDialog } from './BreakpointsDialog.tsx';
import { Palette } from './CommandPalette.tsx';
import { CompareDialog } from './CompareDialog.tsx';
import { CurvesDialog } from './CurvesDialog.tsx';
import { EditDialog } from './EditDialog.tsx';
import { GlossaryDialog } from './GlossaryDialog.tsx';
import { GoToDialog } from './GoToDialog.tsx';
import { KeysDialog } from './KeysDialog.tsx';
import { MachineDialog } from './MachineDialog.tsx';
import { PicturesDialog } from './PicturesDialog.tsx';
import { PresetsDialog } from './PresetsDialog.tsx';
import { ReportDialog } from './ReportDialog.tsx';
import { RunDialog } from './RunDialog.tsx';
import { ShareDialog } from './ShareDialog.tsx';
import { ThrashingDialog } from './ThrashingDialog.tsx';
import { TracesDialog } from './TracesDialog.tsx';
import { WordsDialog } from './WordsDialog.tsx';

/** The dialog that is open, if any. One that is opened again is made anew: the browser may have closed the one before. */
export function Dialogs() {
  return (
    <Fragment key={openings.value}>
      <Opened />
    </Fragment>
  );
}

function Opened() {
  switch (dialog.value) {
    case 'glossary':
      return <GlossaryDialog />;
    case 'keys':
      return <KeysDialog />;
    case 'palette':
      return <Palette />;
    case 'edit':
      return <EditDialog />;
    case 'words':
      return <WordsDialog />;
    case 'machine':
      return <MachineDialog />;
    case 'run':
      return <RunDialog />;
    case 'presets':
      return <PresetsDialog />;
    case 'traces':
      return <TracesDialog />;
    case 'curves':
      return <CurvesDialog />;
    case 'pictures':
      return <PicturesDialog />;
    case 'thrashing':
      return <ThrashingDialog />;
    case 'share':
      return <ShareDialog />;
    case 'report':
      return <ReportDialog />;
    case 'breakpoints':
      return <BreakpointsDialog />;
    case 'go-to':
      return <GoToDialog />;
    case 'compare':
      return <CompareDialog />;
    default:
      return null;
  }
}
