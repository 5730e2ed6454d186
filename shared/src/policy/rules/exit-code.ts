import { EXIT, type ExitCode } from '../../model/errors.ts';
import type { GateMode } from '../../model/run-request.ts';
import type { VerdictOutcome } from '../../model/verdict.ts';

/**
 * The exit of a verdict. `gate: warn` turns 6 and 8 into 0 and nothing else; `not-evaluated` is 0 only where the gate is disabled:
 * anywhere else it is a defect, and no defect is green.
 *
 * @param gate the one in force, of the option and of the policy
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
