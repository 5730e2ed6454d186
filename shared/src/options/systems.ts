/** What differs from one CI system to the next: one record each. */

import type { InputSystem } from './option.ts';

export interface SystemTraits {
  /** What its users call what they give to a job. */
  inputs: 'inputs' | 'options';
}

export const SYSTEMS: Readonly<Record<InputSystem, SystemTraits>> = {
  cli: { inputs: 'options' },
  github: { inputs: 'inputs' },
  azure: { inputs: 'inputs' },
  bitrise: { inputs: 'inputs' },
  jenkins: { inputs: 'inputs' },
};
