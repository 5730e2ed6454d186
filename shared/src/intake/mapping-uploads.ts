/** Where mapping files are to go, and what the program that takes them there may see. Pure. */

import type { Environment } from '../model/host.ts';
import type { MappingUploads } from '../model/run-request.ts';
import { Secret } from '../model/secret.ts';
import type { ParsedOptions } from '../options/parse-options.ts';
import type { InputProblem } from '../options/problem.ts';
import { ENVIRONMENT_PREFIX, officialVariables } from '../options/spelling.ts';
import { OPTIONS } from '../options/table.ts';
import type { InspectedFiles } from './inspected-files.ts';

export function decideMappingUploads(
  options: ParsedOptions,
  files: InspectedFiles,
  environment: Environment,
): { uploads?: MappingUploads; problems: InputProblem[] } {
  if (options.mode !== 'run') return { problems: [] };
  const apiKey = options.get('datadog-api-key');
  const appId = options.get('firebase-app-id');
  const problems: InputProblem[] = [];
  const wantsMap = options.get('deobfuscation-map') !== false || options.failed('deobfuscation-map');
  for (const id of ['datadog-api-key', 'firebase-app-id'] as const) {
    if (options.get(id) === undefined || wantsMap) continue;
    const message = `uploads the mapping files, and ${options.name('deobfuscation-map')} is false`;
    problems.push(options.problemWith(id, message, 'one of the two'));
  }
  const uploads: MappingUploads = {};
  if (apiKey !== undefined) uploads.datadog = { apiKey, site: options.get('datadog-site') ?? 'datadoghq.com' };
  if (appId !== undefined && files.firebase !== undefined) {
    const kept = environmentOfProgram(environment, options.secrets);
    uploads.firebase = { appId, executable: files.firebase, environment: new Secret(JSON.stringify(kept)) };
  }
  return Object.keys(uploads).length > 0 ? { uploads, problems } : { problems };
}

/** Inputs of plugins come as variables, too. */
const INPUT_VARIABLE = /^INPUT_/i;

/**
 * The environment without this job's own: no variable of ours, no official one of an option, none that holds one of its secrets. What
 * a Google tool needs (GOOGLE_APPLICATION_CREDENTIALS, HOME, PATH, the proxy) stays.
 */
export function environmentOfProgram(environment: Environment, secrets: readonly Secret[]): Record<string, string> {
  const ours = new Set(OPTIONS.flatMap((option) => officialVariables(option)));
  const values = secrets.map((secret) => secret.reveal()).filter((value) => value.length >= 6);
  const kept = Object.entries(environment).flatMap(([name, value]) => {
    if (value === undefined || name.startsWith(ENVIRONMENT_PREFIX) || INPUT_VARIABLE.test(name)) return [];
    if (ours.has(name) || values.some((secret) => value.includes(secret))) return [];
    return [[name, value] as const];
  });
  return Object.fromEntries(kept);
}
