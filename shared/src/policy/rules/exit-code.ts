import { EXIT, type ExitCode } from '../../model/errors.ts';
import type { GateMode } from '../../model/run-request.ts';
import type { VerdictOutcome } from '../../model/verdict.ts';

/**
 * The exit code of a verdict. `gate: warn` turns 6 and 8 into 0 and nothing else. `not-evaluated` is 0 only if the gate is disabled:
 * otherwise it is a bug, and no bug is green.
 *
 * @param gate the effective gate of option and policy
 */
export function exitCodeOf(outcome: VerdictOutcome, gate: GateMode): ExitCode {
  switch (outcome) {
    case 'pass':
      return EXIT.pass;
    case 'fail':
      return gate === 'warn' ? EXIT.pass : EXIT.gateFailed;
    case 'error':
      return gate === 'warn' ? EXIT.pass : EXIT.noVerdict;
    case 'not-evaluated':
      return gate === 'disabled' ? EXIT.pass : EXIT.noVerdict;
  }
}
