/**
 * The entry of Bitrise's StepLib: the manifest of the step with the repository and the commit of this version.
 * Sources: bitrise-io/stepman, cli/share_create.go and cli/audit.go.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PUBLISH } from '../publish.mjs';

/** The id of the step there, after its repository. */
const STEP_ID = path.posix.basename(PUBLISH.bitriseStep, '.git');

/**
 * @param {string} target the folder of a StepLib
 * @param {{ step: string, version: string, commit: string, date: string }} release `step`: the folder of the step's repository
 * @returns {string} the file, from `target`
 */
export function writeStepLibEntry(target, { step, version, commit, date }) {
  const file = path.posix.join('steps', STEP_ID, version, 'step.yml');
  const source = ['source:', `  git: ${PUBLISH.bitriseStep}`, `  commit: ${commit}`];
  const manifest = readFileSync(path.join(step, 'step.yml'), 'utf8');
  mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
  writeFileSync(path.join(target, file), `${manifest.trimEnd()}\npublished_at: ${date}\n${source.join('\n')}\n`);
  return file;
}
