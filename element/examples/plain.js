// The buttons of plain.html step the laboratory, and the list shows its faults.

import '/faultline-lab/dist/index.js';

const lab = document.querySelector('faultline-lab');
// The page can be served from elsewhere than the package.
const { page } = Object.fromEntries(new URLSearchParams(location.search));
if (page !== undefined) lab.page = page;

for (const button of document.querySelectorAll('button')) {
  const name = /** @type {'step' | 'back' | 'run'} */ (button.dataset.do);
  button.addEventListener('click', () => lab[name]());
}

lab.addEventListener('faultline-step', ({ detail }) => {
  document.querySelector('output').textContent = `line ${detail.lines} of ${detail.of}`;
});

lab.addEventListener('faultline-faults', ({ detail }) => {
  for (const { process, page: number, kind } of detail.faults) {
    const row = document.createElement('li');
    row.textContent = `${process} ${number}: ${kind}`;
    document.querySelector('[data-faults]').append(row);
  }
});
