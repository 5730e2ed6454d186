import type { System } from '../system.ts';

/** The command line. A CI system without a plugin runs it, so its record begins with this one. */
export const CLI: System = {
  id: 'cli',
  title: 'CLI',
  inputs: {
    word: 'options',
    nameOf: (id) => id,
    prefix: '--',
    ignoresCase: true,
    separators: ',',
    listHelp: 'Several are separated by commas or new lines',
  },
  outputName: (name) => name.replaceAll('-', '_').toUpperCase(),
  offers: ['command-line', 'artifacts'],
};
