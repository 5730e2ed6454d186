/**
 * What the emulator says about an app sent for validation (appdome-api.md §3.17). The two sentences that clients act on are verified; the
 * third is ours.
 */

import { sha256Of } from '../apps/protected-app.ts';
import { findMark } from '../apps/rehearsal-mark.ts';
import { readZipEnd, type ZipEnd } from '../apps/zip-end.ts';
import { hasEntry } from '../apps/zip-entry.ts';
import { SIGNER } from '../builds/certificate-model.ts';
import { secondOutput } from '../builds/outputs.ts';
import type { Services } from '../services.ts';
import type { StoredTask } from '../state/model.ts';
import { signingStage } from '../state/timeline.ts';

export const NOT_BUILT = 'This app is not built by Appdome';
export const NOT_SIGNED = 'This app is not signed correctly';
export const SIGNED = 'This app is signed correctly';

const LOCAL_SIGNER = 'CN=Local Rehearsal Signer, OU=Rehearsal, O=Fusegate emulator, C=US';

/** Signatures of jarsigner, and of an iOS app. */
const SIGNATURE_ENTRY = /^META-INF\/[^/]+\.(RSA|DSA|EC)$|^Payload\/[^/]+\.app\/_CodeSignature\/CodeResources$/i;

/** End of the APK signing block (schemes v2 and later). */
const APK_SIGNATURE_MAGIC = 'APK Sig Block 42';

export interface Judgement {
  message: string;
  buildId?: string;
}

/**
 * Recognises a rehearsed app by the mark in its ZIP comment. One that the service signed must be byte for byte what it served. One that was
 * sealed must have changed since and be signed: with the rehearsal signature, or by any ordinary tool.
 */
export async function judgeApp(services: Services, path: string, sha256: string): Promise<Judgement> {
  const end = await readZipEnd(path);
  const mark = end === undefined ? undefined : findMark(end.comment);
  const task = services.store.state.tasks.find(({ id }) => id === mark?.buildId);
  if (end === undefined || mark === undefined || task?.output === undefined) return { message: NOT_BUILT };
  const buildId = task.id;
  if (mark.locallySigned) return { message: `${SIGNED} by owner ${LOCAL_SIGNER}`, buildId };
  const served = await isServed(services, task, sha256);
  if (signingStage(task)?.action === 'sign') {
    return { message: served ? `${SIGNED} by owner ${SIGNER}` : NOT_SIGNED, buildId };
  }
  const signed = !served && (await hasSignature(path, end));
  return { message: signed ? `${SIGNED} by owner ${LOCAL_SIGNER}` : NOT_SIGNED, buildId };
}

async function isServed(services: Services, task: StoredTask, sha256: string): Promise<boolean> {
  if (task.output?.sha256 === sha256) return true;
  const app = services.store.state.apps.find(({ id }) => id === task.appId);
  if (app?.identity?.type !== 'aab') return false;
  const universal = await secondOutput(services.store, task, app);
  return (await sha256Of(universal, services.closing)) === sha256;
}

async function hasSignature(path: string, end: ZipEnd): Promise<boolean> {
  if (end.beforeDirectory.toString('latin1') === APK_SIGNATURE_MAGIC) return true;
  return hasEntry(path, SIGNATURE_ENTRY).catch(() => false);
}
