/** A result that a validation has bound to the file signed by its owner. Pure. */
import { defined } from '../model/defined.ts';
import type { FusegateResult } from '../model/result.ts';

export type Validation = NonNullable<FusegateResult['validation']>;

export interface SignedFile {
  path: string;
  sha256: string;
  size: number;
}

/**
 * The verdict, its requirements, its time and its policy stay those of the judgement: a validation judges no protections and does not make
 * an old result newer.
 * @param result a pass under `gate: enforce`, of the build that the validation names
 * @param rehearsal whether an embedded build service took part in the validation
 */
export function boundResult(
  result: FusegateResult,
  file: SignedFile,
  validation: Validation,
  run: { tool: FusegateResult['tool']; stages: FusegateResult['stages']; rehearsal: boolean },
): FusegateResult {
  const { originalMatches, finalMatches } = result.binding;
  return {
    ...result,
    mode: 'validate',
    tool: run.tool,
    rehearsal: result.rehearsal || run.rehearsal,
    // No longer true: the file is bound now.
    findings: [
      ...result.findings.filter(({ code }) => code !== 'binding.unconfirmed'),
      {
        code: 'validation.confirmed',
        level: 'note',
        message: `The service says about the signed app: ${validation.message}`,
        hint: 'Check the file again where it is deployed: `fusegate verify --app FILE --result RESULT`.',
      },
    ],
    files: [...result.files.filter(({ role }) => role !== 'signed-app'), { role: 'signed-app', ...file }],
    binding: {
      level: 'service',
      message: bindingMessage(validation),
      ...defined({ originalMatches, finalMatches }),
      sha256: file.sha256,
    },
    stages: [...result.stages, ...run.stages],
    validation,
  };
}

export function bindingMessage({ buildId }: Validation): string {
  return `The service has checked the signed file: it is signed correctly and comes from build ${buildId}.`;
}
