import type { ComponentChildren } from 'preact';
import { canBeMaximised, maximise, maximised } from '../store/page/room.ts';
import { fold, folded } from '../store/page/shown-panels.ts';
import { text } from '../text/text.ts';
import './Panel.css';

interface PanelProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title: what is shown, in a few words. */
  readonly caption?: ComponentChildren;
  /** Controls after the caption. */
  readonly controls?: ComponentChildren;
  /** At the right: what is under the pointer. */
  readonly readout?: string;
  /** Whether the panel itself scrolls, so that a keyboard must reach it. */
  readonly scrolls?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ name, title, caption, controls, readout, scrolls, children }: PanelProps) {
  const isFolded = folded.value.has(name);
  const isLarge = maximised.value === name;
  return (
    <section
      class={`panel panel-${name}${isFolded ? ' folded' : ''}${isLarge ? ' maximised' : ''}`}
      data-panel={name}
      aria-labelledby={`title-${name}`}
      tabIndex={scrolls && !isFolded ? 0 : undefined}
    >
      <header class="panel-head">
        <h2 id={`title-${name}`}>
          <button
            type="button"
            class="fold"
            aria-expanded={!isFolded}
            onClick={() => fold(name, !isFolded)}
          >
            {title}
          </button>
        </h2>
        {caption !== undefined && <span class="caption">{caption}</span>}
        {!isFolded && controls}
        {readout !== undefined && (
          <span class="readout" aria-hidden="true">
            {readout}
          </span>
        )}
        {canBeMaximised(name) && !isFolded && (
          <button
            type="button"
            class="panel-tool"
            data-maximise={name}
            aria-pressed={isLarge}
            aria-label={isLarge ? text.room.restore : text.room.maximise(text.panels[name])}
            title={
              isLarge
                ? `${text.room.restore} (Esc)`
                : `${text.room.maximise(text.panels[name])} (Shift M)`
            }
            onClick={() => maximise(name)}
          />
        )}
      </header>
      {!isFolded && children}
    </section>
  );
}
