// Copies words for the visitor, on a page over plain http too, where browsers have no clipboard object.

/** Copies words in answer to a click or a key. Says whether it could. */
export async function copyWords(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copySelected(words);
  }
}

/** Copies by the old command, which takes what is selected in a field. */
function copySelected(words: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = words;
  field.readOnly = true;
  field.className = 'unseen';
  // What lies behind an open dialog cannot be selected.
  (before?.closest('dialog') ?? document.body).append(field);
  field.select();
  let isCopied = false;
  try {
    isCopied = document.execCommand('copy');
  } catch {
    // A browser without that command.
  }
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return isCopied;
}
