import type { ComponentChildren } from 'preact';
import './FileButton.css';

interface FileButtonProps {
  readonly name: string;
  readonly onFile: (file: File) => void;
  /** What the browser offers first, as `accept` says it. */
  readonly accept?: string;
  readonly isPrimary?: boolean;
  readonly children: ComponentChildren;
}

/** A button that lets a file be chosen. */
export function FileButton({ name, onFile, accept, isPrimary = false, children }: FileButtonProps) {
  return (
    <label class={`button file-button${isPrimary ? ' primary' : ''}`}>
      {children}
      <input
        type="file"
        class="unseen"
        data-file={name}
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file can be chosen again.
          currentTarget.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </label>
  );
}
