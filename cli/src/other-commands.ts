/**
 * The commands that run no job. They are in a file beside the bundle, because Node would read their code at the start of every job. Each
 * is loaded when it is called.
 */
import type { Command } from './command-io.ts';

export const OTHER_COMMANDS = {
  features: async (words, io) => (await import('./features-command.ts')).listFeatures(words, io),
  'threat-events': async (words, io) => (await import('./threat-events-command.ts')).threatEvents(words, io),
  listeners: async (words, io) => (await import('./listeners-command.ts')).listeners(words, io),
  explain: async (words, io) => (await import('./explain-command.ts')).explainCertificates(words, io),
  policy: async (words, io) => (await import('./policy-command.ts')).policyCommand(words, io),
  plan: async (words, io) => (await import('./plan-command.ts')).planCommand(words, io),
  report: async (words, io) => (await import('./report-command.ts')).reportCommand(words, io),
} satisfies Record<string, Command>;
