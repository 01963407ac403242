// Icons of the transport: strokes in the colour of the text, no words and no hue.

const paths = {
  start: 'M4 3v10M13 3L6.5 8L13 13Z',
  back: 'M11.5 3L5 8L11.5 13Z',
  play: 'M5 3L12.5 8L5 13Z',
  pause: 'M5.5 3v10M10.5 3v10',
  step: 'M4.5 3L11 8L4.5 13ZM13 3v10',
  stop: 'M4 4h8v8h-8Z',
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={paths[name]}
        fill={name === 'pause' ? 'none' : 'currentColor'}
        stroke="currentColor"
        stroke-width={name === 'pause' ? 2.2 : 1.3}
        stroke-linejoin="round"
      />
    </svg>
  );
}
