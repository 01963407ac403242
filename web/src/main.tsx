import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/figures.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './App.tsx';
import { shortened } from './share/snippets.ts';
import { attachedTraces } from './store/library/attached-traces.ts';
import { observed, watchMachine } from './store/machine/observation.ts';
import { settleHost } from './store/page/hosting.ts';
import { clickerCommandOf, commandOf } from './store/page/keys.ts';
import { loop } from './store/page/loop.ts';
import { dialog } from './store/page/open-dialog.ts';
import {
  hoveredFrame,
  hoveredPage,
  lookAt,
  looking,
  selectedFrame,
  selectedPage,
  selectedPages,
  selectedProcess,
} from './store/page/selection.ts';
import { printing, theme, watchSettings } from './store/page/settings.ts';
import { embedded, wished } from './store/page/shown-panels.ts';
import { followRun } from './store/run/follow.ts';
import { scenario, usable } from './store/run/open-machine.ts';
import { watchReplacement } from './store/run/replacement.ts';
import { watchForStalls } from './store/run/stall.ts';
import { invoke } from './store/visit/commands.ts';
import { watchDrops } from './store/visit/drops.ts';
import { serveHost } from './store/visit/host.ts';
import { openPage, prepareToOpen, watchAddress } from './store/visit/links.ts';
import { menu } from './store/visit/menu.ts';
import { restoreVisited } from './store/visit/visited.ts';
import { text } from './text/text.ts';
import './styles/layout.css';
import './styles/touch.css';
import './styles/print.css';
import './styles/forced-colors.css';

restoreVisited();
// Elsewhere it may be loaded again at once.
if (crossOriginIsolated && wished.host === undefined) prepareToOpen();
watchSettings();
watchMachine();
watchReplacement();

/** Whether a dialog or a menu has the keys. A dialog that the browser closes says so a task later, and a key may come before. */
const isCovered = () =>
  menu.value !== undefined ||
  (dialog.value !== undefined && document.querySelector('dialog:not([open])') === null);

addEventListener('keydown', (event) => {
  if (isCovered()) return;
  const command = commandOf(event);
  if (command === undefined) return;
  event.preventDefault();
  invoke(command);
});

// A presenter's clicker comes before whatever has the focus.
addEventListener(
  'keydown',
  (event) => {
    const command = clickerCommandOf(event);
    if (command === undefined || isCovered()) return;
    event.preventDefault();
    event.stopPropagation();
    invoke(command);
  },
  true,
);

// What is drawn depends on these besides the machine.
for (const drawn of [
  hoveredFrame,
  hoveredPage,
  looking,
  selectedFrame,
  selectedPage,
  selectedPages,
  selectedProcess,
  theme,
]) {
  drawn.subscribe(() => loop.request());
}

// Some process is always selected while there is one.
effect(() => {
  const first = observed.processes.value.find(
    ({ state }) => state === 'running' || state === 'sleeping',
  );
  if (observed.selected.value === undefined && first !== undefined) lookAt({ process: first.name });
});

effect(() => {
  const { title } = scenario.value;
  document.title = title ? `${shortened(title)} · ${text.name}` : text.name;
});

// The page is printed in the light theme.
addEventListener('beforeprint', () => {
  printing.value = true;
  loop.drawNow();
});
addEventListener('afterprint', () => {
  printing.value = false;
});

addEventListener('resize', () => loop.request());

const root = document.getElementById('page');
if (root === null) throw new Error('the page has no place for itself');
render(<App />, root);

/** When there is a machine: a story that is told goes on long after. */
function firstMachine(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (!usable.value) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

watchAddress();
watchForStalls();
followRun();
if (!embedded) {
  watchDrops();
  // Forms list their names.
  void attachedTraces.refresh();
}
if (wished.host !== undefined) serveHost(wished.host);
// Isolated as it is, the page opens first, and is kept for later once it has opened.
else if (crossOriginIsolated) void Promise.race([openPage(), firstMachine()]).then(settleHost);
else if (!(await settleHost())) await openPage();
