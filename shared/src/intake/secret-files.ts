/**
 * `--api-key-file FILE` and `FUSEGATE_API_KEY_FILE`: the way for a secret where no variable can hold it. Nothing of the path or the
 * content is ever shown: people put the secret itself where the path should be.
 */
import { resolve } from 'node:path';
import { readBounded } from '../files/file-on-disk.ts';
import type { Environment } from '../model/host.ts';
import type { FileSecret, RawInput, RawInputs } from '../options/input-candidates.ts';
import { fileVariable, inputName, secretFileOption, spell } from '../options/spelling.ts';
import type { System } from '../options/system.ts';
import { OPTIONS } from '../options/table.ts';

/** No key or password is that long; a larger file is the wrong one. */
const MAX_BYTES = 64 * 1024;

/** The text is empty where the file is refused. */
async function readSecretFile(path: string, cwd: string): Promise<Pick<FileSecret, 'text' | 'refused'>> {
  const refuse = (message: string) => ({
    text: '',
    refused: { message, allowed: 'the path of a file, or of a pipe, that holds the secret and nothing else' },
  });
  const read = await readBounded(resolve(cwd, path.trim()), { limit: MAX_BYTES });
  if ('wrong' in read) return refuse(`names a path that ${read.wrong}`);
  const text = read.bytes.toString('utf8').replace(/\r?\n$/, '');
  return text.trim() === '' ? refuse('names an empty file') : { text };
}

/** @returns the inputs with every file of a secret replaced by the secret, spelt as it was given */
export async function readSecretFiles(
  raw: RawInputs,
  environment: Environment,
  system: System,
  cwd: string,
): Promise<RawInputs> {
  const inputs = await Promise.all(
    raw.inputs.map(async (input): Promise<RawInput> => {
      const option = secretFileOption(input.name, system);
      if (!option) return input;
      const spelling = input.spelling ?? spell(`${option.id}-file`, system);
      const name = inputName(option.id, system);
      if (input.refused || input.value.trim() === '') return { ...input, name, spelling };
      const { text: value, ...refused } = await readSecretFile(input.value, cwd);
      return { name, spelling, value, ...refused };
    }),
  );
  const fileSecrets: FileSecret[] = [];
  for (const option of OPTIONS) {
    const variable = fileVariable(option);
    const path = option.type.kind === 'secret' ? environment[variable] : undefined;
    if (path === undefined || path.trim() === '') continue;
    fileSecrets.push({ id: option.id, spelling: variable, ...(await readSecretFile(path, cwd)) });
  }
  return { ...raw, inputs, fileSecrets: [...(raw.fileSecrets ?? []), ...fileSecrets] };
}
