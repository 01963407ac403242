import { resize, sizes } from '../store/page/panel-sizes.ts';
import { text } from '../text/text.ts';
import { Divider, type DividerProps } from '../widgets/Divider.tsx';

type PanelDividerProps = Omit<DividerProps, 'name' | 'label' | 'size' | 'onResize'> & {
  readonly name: keyof typeof text.dividers;
};

/** Separates two panels, and keeps the size that one of them is given. */
export function PanelDivider({ name, ...rest }: PanelDividerProps) {
  return (
    <Divider
      {...rest}
      name={name}
      label={text.dividers[name]}
      size={sizes.value[name]}
      onResize={(size) => resize(name, size)}
    />
  );
}
