import type { ComponentChildren } from 'preact';

interface PanelProps {
  readonly name: string;
  readonly title: string;
  /** Beside the title: what is shown, in a few words. */
  readonly caption?: ComponentChildren;
  /** At the right: what is under the pointer. */
  readonly readout?: string;
  /** Whether the panel itself scrolls, so that a keyboard must reach it. */
  readonly scrolls?: boolean;
  readonly children: ComponentChildren;
}

export function Panel({ name, title, caption, readout, scrolls, children }: PanelProps) {
  return (
    <section
      class={`panel panel-${name}`}
      aria-labelledby={`title-${name}`}
      tabIndex={scrolls ? 0 : undefined}
    >
      <header class="panel-head">
        <h2 id={`title-${name}`}>{title}</h2>
        {caption !== undefined && <span class="caption">{caption}</span>}
        {readout !== undefined && (
          <span class="readout" aria-hidden="true">
            {readout}
          </span>
        )}
      </header>
      {children}
    </section>
  );
}
