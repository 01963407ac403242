import { useMemo } from 'preact/hooks';
import { HEIGHT, thumbnailOf, WIDTH } from '../draw/thumbnail.ts';
import type { Op } from '../generated/types.d.ts';

/** A script as a small picture. It says nothing that the words beside it do not say. */
export function Thumbnail({ script }: { readonly script: readonly Op[] }) {
  const { lanes, marks, bars } = useMemo(() => thumbnailOf(script), [script]);
  const line = lanes
    .map(({ y, from, to, parentY }) => {
      const stem = parentY === undefined ? '' : `M${from} ${parentY}V${y}`;
      return `${stem}M${from} ${y}H${to}`;
    })
    .join('');
  return (
    <svg class="thumbnail" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path class="thumbnail-lanes" d={line} />
      {bars.map(({ x, y, width }) => (
        <rect key={`${x} ${y}`} x={x} y={y - 2} width={width} height={4} rx={1} />
      ))}
      {marks.map(({ kind, x, y }, at) =>
        kind === 'evict' ? (
          <path key={at} class="thumbnail-evict" d={`M${x - 2} ${y - 2.5}l2 4 2-4`} />
        ) : (
          <circle
            key={at}
            class={`thumbnail-${kind}`}
            cx={x}
            cy={y}
            r={kind === 'write' ? 2 : 1.4}
          />
        ),
      )}
    </svg>
  );
}
