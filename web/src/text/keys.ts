// Words of the keys, and of how they are changed.

import type { Command } from '../types/command.ts';
import { commandsText } from './commands.ts';

export const keysText = {
  keys: {
    single: 'Keys that are a single character',
    usual: 'Default keys',
    hint: 'Choose a key to change it.',
    press: 'Press the new key, or Escape to leave it.',
    off: 'off',
    change: (command: string, key: string) => `${command}: ${key}. Change the key`,
    changed: (command: string) => `The key of “${command}” is changed.`,
    taken: (key: string, by: Command | 'reserved') =>
      by === 'reserved'
        ? `${key} is needed by grids, fields and dialogs.`
        : `${key} is the key of “${commandsText.actions[by]}”.`,
  },
};
