// Shows the menu of what is under the pointer, or of what has the focus. Processes are found wherever they are drawn,
// by their `data-process`.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type Menu, menu, openProcessMenu, type Spot } from '../store/visit/menu.ts';
import './ContextMenu.css';

/** Opens the menu of the process that an element stands for. */
function openFor(target: EventTarget | null, spot?: Spot): boolean {
  const element = target instanceof Element ? target.closest('[data-process]') : null;
  const name = element?.getAttribute('data-process');
  if (element === null || !name) return false;
  const { left, bottom } = element.getBoundingClientRect();
  openProcessMenu(name, spot ?? { x: left + 12, y: bottom });
  return true;
}

export const isMenuKey = ({ key, shiftKey }: KeyboardEvent): boolean =>
  key === 'ContextMenu' || (key === 'F10' && shiftKey);

export function ContextMenu() {
  useEffect(() => {
    const onMenu = (event: MouseEvent) => {
      if (openFor(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
    };
    const onKey = (event: KeyboardEvent) => {
      if (isMenuKey(event) && openFor(event.target)) event.preventDefault();
    };
    addEventListener('contextmenu', onMenu);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('contextmenu', onMenu);
      removeEventListener('keydown', onKey);
    };
  }, []);
  return menu.value === undefined ? null : <OpenMenu {...menu.value} />;
}

const STEPS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function OpenMenu({ title, x, y, groups }: Menu) {
  const list = useRef<HTMLDivElement>(null);
  const items = () => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not([aria-disabled])') ?? []),
  ];
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const before = document.activeElement;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(4, Math.min(x, innerWidth - width - 4))}px`;
    element.style.top = `${Math.max(4, Math.min(y, innerHeight - height - 4))}px`;
    (items()[0] ?? element).focus();
    const close = (event: Event) => {
      if (event.target instanceof Node && element.contains(event.target)) return;
      menu.value = undefined;
    };
    addEventListener('pointerdown', close, true);
    addEventListener('blur', close);
    return () => {
      removeEventListener('pointerdown', close, true);
      removeEventListener('blur', close);
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [title, x, y]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const step = STEPS[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') menu.value = undefined;
    else if (step !== undefined && all.length > 0) {
      all[step(all.indexOf(document.activeElement as HTMLElement), all.length)]?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={title}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      <p class="menu-title" aria-hidden="true">
        {title}
      </p>
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
        <div key={group[0]?.label} class="menu-group" role="group">
          {group.map(({ label, key, isPossible, run }) => (
            <button
              key={label}
              type="button"
              class="menu-item"
              role="menuitem"
              tabIndex={-1}
              aria-disabled={isPossible ? undefined : true}
              onPointerEnter={({ currentTarget }) => currentTarget.focus()}
              onClick={() => {
                if (!isPossible) return;
                menu.value = undefined;
                run();
              }}
            >
              <span>{label}</span>
              {key !== undefined && (
                <span class="key" aria-hidden="true">
                  {key}
                </span>
              )}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
