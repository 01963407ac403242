import { dropping } from '../store/visit/drops.ts';
import { text } from '../text/text.ts';
import './DropHint.css';

/** While a file is held over the page. */
export function DropHint() {
  return dropping.value ? <p class="drop-hint">{text.dropHere}</p> : null;
}
