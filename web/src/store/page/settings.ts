// Keeps the visitor's settings between visits: saved values are laid over the defaults.

import { computed, effect, signal } from '@preact/signals';
import type { Theme } from '../../draw/palette.ts';
import { chosenKeys, hasSingleKeys, keysFrom } from './key-choices.ts';
import { propertiesOf, type Sizes, sizes, sizesFrom } from './panel-sizes.ts';
import { embedded, folded, foldedAsSaid, foldOnly, wished } from './shown-panels.ts';
import { shownTypeSize, type TypeSize, typeSize, typeSizeFrom } from './type-size.ts';

type ThemeChoice = 'system' | Theme;

/** As fast as the machine goes. */
export const AT_ONCE = 0;
/** Events a second of a run that is played. */
export const SPEEDS = [1, 5, 25, 100, 500, 2500, 10_000, AT_ONCE] as const;
export type Speed = (typeof SPEEDS)[number];
const USUAL_SPEED: Speed = 500;

interface Settings {
  theme: ThemeChoice;
  speed: Speed;
  sizes: Sizes;
  folded: readonly string[];
  /** Of the panels that usually are folded those that are not. */
  opened: readonly string[];
  type: TypeSize;
  singleKeys: boolean;
  keys: Readonly<Record<string, string>>;
}

const KEY = 'faultline.settings';
const defaults: Settings = {
  theme: 'system',
  speed: USUAL_SPEED,
  sizes: {},
  folded: [...folded.peek()],
  opened: [],
  type: typeSize.peek(),
  singleKeys: true,
  keys: {},
};

function saved(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
  } catch {
    // Storage can be forbidden or hold another's words: the defaults serve.
    return {};
  }
}

const initial = { ...defaults, ...saved() };

const themeChoice = signal<ThemeChoice>(
  wished.theme ??
    (['system', 'dark', 'light'] as const).find((choice) => choice === initial.theme) ??
    'system',
);
export const speed = signal<Speed>(
  SPEEDS.find((choice) => choice === initial.speed) ?? USUAL_SPEED,
);

if (!embedded) {
  hasSingleKeys.value = initial.singleKeys !== false;
  chosenKeys.value = keysFrom(initial.keys);
  sizes.value = sizesFrom(initial.sizes);
  if (Array.isArray(initial.folded) && Array.isArray(initial.opened)) {
    // Settings from before there was this panel do not say that it is folded.
    const isNew = !initial.opened.includes('replacement');
    foldOnly([...initial.folded, ...(isNew ? ['replacement'] : [])]);
  }
  typeSize.value = typeSizeFrom(initial.type);
}

/** The speed of something that is played to the visitor, as long as it lasts; not the visitor's own. */
export const lentSpeed = signal<Speed | undefined>(undefined);
export const playingSpeed = computed(() => lentSpeed.value ?? speed.value);

/** Whether what is played to the visitor waits where it is, to be looked at or read. */
export const held = signal(false);

export function setSpeed(chosen: Speed): void {
  lentSpeed.value = undefined;
  speed.value = chosen;
}

/** The next speed, or the one before. */
export function changeSpeed(by: 1 | -1): void {
  const now = playingSpeed.value;
  setSpeed(SPEEDS[SPEEDS.indexOf(now) + by] ?? now);
}

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const motionQuery = matchMedia('(prefers-reduced-motion: reduce)');
const systemDark = signal(darkQuery.matches);

export const theme = signal<Theme>('dark');
/** While the page is put on paper. */
export const printing = signal(false);
export const reducedMotion = signal(motionQuery.matches);

export function setTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
}

export function cycleTheme(): void {
  themeChoice.value = theme.value === 'dark' ? 'light' : 'dark';
}

/** Follows the system and keeps the choices; called once. */
export function watchSettings(): void {
  darkQuery.addEventListener('change', () => {
    systemDark.value = darkQuery.matches;
  });
  motionQuery.addEventListener('change', () => {
    reducedMotion.value = motionQuery.matches;
  });
  effect(() => {
    const choice = themeChoice.value;
    const onScreen = choice === 'system' ? (systemDark.value ? 'dark' : 'light') : choice;
    theme.value = printing.value ? 'light' : onScreen;
    document.documentElement.dataset.theme = theme.value;
  });
  effect(() => {
    document.documentElement.dataset.type = shownTypeSize.value;
  });
  let properties: string[] = [];
  effect(() => {
    const { style } = document.documentElement;
    for (const name of properties) style.removeProperty(name);
    const said = propertiesOf(sizes.value);
    for (const [name, value] of said) style.setProperty(name, value);
    properties = said.map(([name]) => name);
  });
  effect(() => {
    const settings: Settings = {
      theme: themeChoice.value,
      speed: speed.value,
      sizes: sizes.value,
      folded: [...folded.value],
      opened: foldedAsSaid().opened ?? [],
      type: typeSize.value,
      singleKeys: hasSingleKeys.value,
      keys: chosenKeys.value,
    };
    if (embedded) return;
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // Nothing is kept, nothing is lost.
    }
  });
}
