// Draws the icons of the transport: strokes in the colour of the text, no words and no hue.

const paths = {
  start: 'M4 3v10M13 3L6.5 8L13 13Z',
  end: 'M12 3v10M3 3L9.5 8L3 13Z',
  less: 'M9.5 3.5L5 8L9.5 12.5',
  more: 'M6.5 3.5L11 8L6.5 12.5',
  play: 'M5 3L12.5 8L5 13Z',
  pause: 'M5.5 3v10M10.5 3v10',
  stop: 'M4 4h8v8h-8Z',
} as const;

/** Drawn as strokes alone. */
const OPEN: readonly string[] = ['pause', 'less', 'more'];

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill={OPEN.includes(name) ? 'none' : 'currentColor'}
        stroke="currentColor"
        stroke-width={name === 'pause' ? 2.2 : OPEN.includes(name) ? 1.6 : 1.3}
        stroke-linejoin="round"
      />
    </svg>
  );
}
