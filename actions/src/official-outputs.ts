/**
 * What Appdome's own action leaves behind (appdome-api.md §10.1), for steps that were written for it: the same folder, the same file
 * names, the same variables. Only when its input names are used.
 */
import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { safeFileName, withoutAppExtension } from '@fusegate/shared/files/file-names';
import type { Environment, OutputName } from '@fusegate/shared/model/host';
import type { RawInput } from '@fusegate/shared/options/input-candidates';

const DEFAULT_FOLDER = 'output';
const DEFAULT_NAME = 'Appdome_secured_app';

function givenValue(inputs: readonly RawInput[], name: string): string | undefined {
  const value = inputs.find((input) => input.name.toLowerCase() === name.toLowerCase())?.value.trim();
  return value === undefined || value === '' || value.toLowerCase() === 'none' ? undefined : value;
}

/**
 * Whether the step makes an app, as the official action always does. Other modes leave its folder and its variables alone: they hold
 * what an earlier step of the job has made.
 */
export function makesApp(inputs: readonly RawInput[], environment: Environment): boolean {
  const mode = givenValue(inputs, 'mode') ?? environment.FUSEGATE_MODE?.trim() ?? '';
  return mode === '' || mode.toLowerCase() === 'run';
}

/**
 * Adds the official output folder and file name where the step names none of its own. `OUTPUT_APP_NAME` is "name/path without
 * extension" there: a folder in it becomes ours (inferred: only its default, `./output/Appdome_secured_app`, is verified).
 */
export function withOfficialOutputs(inputs: readonly RawInput[], environment: Environment): RawInput[] {
  const wanted = givenValue(inputs, 'OUTPUT_APP_NAME');
  const folder = wanted !== undefined && /[\\/]/.test(wanted) ? path.dirname(wanted) : DEFAULT_FOLDER;
  const added: RawInput[] = [];
  if (givenValue(inputs, 'output-dir') === undefined && !environment.FUSEGATE_OUTPUT_DIR) {
    added.push({ name: 'output-dir', value: folder });
  }
  if (wanted === undefined && givenValue(inputs, 'output-name') === undefined && !environment.FUSEGATE_OUTPUT_NAME) {
    added.push({ name: 'output-name', value: DEFAULT_NAME });
  }
  const kept = inputs.map((input) =>
    wanted !== undefined && input.name.toLowerCase() === 'output_app_name'
      ? { ...input, value: path.basename(wanted) }
      : input,
  );
  return [...kept, ...added];
}

/** The copies by their official names, and where each is copied from. */
function copiesOf(outputs: ReadonlyMap<OutputName, string>): Array<{ from: string; to: string }> {
  const result = outputs.get('result');
  if (!result) return [];
  const folder = path.dirname(result);
  const app = outputs.get('protected-app');
  const second = outputs.get('second-output');
  const base = app ? path.basename(app, path.extname(app)) : '';
  const pairs = [
    { from: outputs.get('certificate-pdf'), to: 'certificate.pdf' },
    { from: outputs.get('deobfuscation-map'), to: 'deobfuscation_scripts.zip' },
    { from: app && second, to: `${base}_second_output.apk` },
  ];
  return pairs.flatMap(({ from, to }) => (from ? [{ from, to: path.join(folder, to) }] : []));
}

/**
 * Removes what an earlier run left under the official names, so that a red run leaves nothing that looks like its outcome.
 * @param inputs with the official folder and file name
 */
export async function removeOfficialCopies(folder: string, inputs: readonly RawInput[]): Promise<void> {
  const names = ['OUTPUT_APP_NAME', 'output-name'].flatMap((input) => givenValue(inputs, input) ?? []);
  const apps = [...names.map((name) => safeFileName(withoutAppExtension(name), 'protected-app')), DEFAULT_NAME];
  const seconds = apps.map((name) => `${name}_second_output.apk`);
  for (const name of ['certificate.pdf', 'deobfuscation_scripts.zip', ...seconds]) {
    await rm(path.join(folder, name), { force: true });
  }
}

/**
 * Copies the files under their official names and sets the official variables. On a red run nothing is copied and every variable is
 * empty, so that a later step finds no app of an earlier one.
 */
export async function publishOfficialOutputs(
  outputs: ReadonlyMap<OutputName, string>,
  green: boolean,
): Promise<Record<string, string>> {
  const copies = green ? copiesOf(outputs) : [];
  for (const { from, to } of copies) await copyFile(from, to);
  const copied = (ending: string) => copies.find(({ to }) => to.endsWith(ending))?.to ?? '';
  return {
    APPDOME_SECURED_APP: green ? (outputs.get('protected-app') ?? '') : '',
    APPDOME_SECURED_APP_SECOND_OUTPUT: copied('_second_output.apk'),
    DEOBFUSCATION_SCRIPTS_ZIP: copied('deobfuscation_scripts.zip'),
  };
}
