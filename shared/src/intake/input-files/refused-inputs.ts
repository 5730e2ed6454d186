import { FusegateError, type UsageProblem } from '../../model/errors.ts';
import { correction } from '../../options/problem.ts';

/** More would only make the line longer; all of them are in `problems`. */
const SHOWN = 3;

/**
 * What could only be found out once the files were there, as one error whose text names it: it comes after the options were read, so
 * no list of problems is printed above it.
 */
export function refusedInputs(problems: readonly UsageProblem[], cause?: unknown): FusegateError {
  const said = problems.slice(0, SHOWN).map(({ option, message }) => `${option} ${message}`);
  const rest = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : '';
  const corrections = [...new Set(problems.flatMap((problem) => correction(problem) ?? []))].slice(0, SHOWN).join(' ');
  return new FusegateError('usage.invalid', `${said.join('; ')}${rest}. Nothing was sent to the service.`, {
    hint: corrections || 'Correct the inputs named above and run again.',
    problems: [...problems],
    cause,
  });
}
