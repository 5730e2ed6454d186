import { settingsApk } from './apps.ts';

/** A job on a real app whose owner signs it afterwards: the shortest there is. */
export function privateJob(fusionSetId: string, ...more: string[]): string[] {
  const sign = ['--sign', 'private', '--signing-fingerprint', 'd4'.repeat(32)];
  return ['run', '--app', settingsApk(), '--fusion-set-id', fusionSetId, ...sign, ...more];
}
