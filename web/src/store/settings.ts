// What the visitor prefers, kept between visits: saved values laid over the defaults.

import { effect, signal } from '@preact/signals';
import type { Theme } from '../draw/palette.ts';

export type ThemeChoice = 'system' | Theme;

/** Milliseconds between the lines of a script that is played; 0 is as fast as the machine goes. */
export const PACES = [900, 450, 150, 0] as const;
export type Pace = (typeof PACES)[number];

interface Settings {
  theme: ThemeChoice;
  pace: Pace;
}

const KEY = 'faultline.settings';
const defaults: Settings = { theme: 'system', pace: 0 };

function saved(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
  } catch {
    // Storage can be forbidden or hold another's words: the defaults serve.
    return {};
  }
}

const initial = { ...defaults, ...saved() };

export const themeChoice = signal<ThemeChoice>(
  (['system', 'dark', 'light'] as const).find((choice) => choice === initial.theme) ?? 'system',
);
export const pace = signal<Pace>(PACES.find((choice) => choice === initial.pace) ?? 0);

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const motionQuery = matchMedia('(prefers-reduced-motion: reduce)');
const systemDark = signal(darkQuery.matches);

export const theme = signal<Theme>('dark');
/** While the page is put on paper. */
export const printing = signal(false);
export const reducedMotion = signal(motionQuery.matches);

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
    const settings: Settings = { theme: themeChoice.value, pace: pace.value };
    try {
      localStorage.setItem(KEY, JSON.stringify(settings));
    } catch {
      // Nothing is kept, nothing is lost.
    }
  });
}
