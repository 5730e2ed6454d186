import { strToU8, zipSync } from 'fflate';
import { type Composed, composedBuffer, protectedApp } from '../apps/protected-app.ts';
import { LOCAL_SIGNATURE, rehearsalMark } from '../apps/rehearsal-mark.ts';
import { signingScript } from '../apps/signing-script.ts';
import type { StoredApp, StoredTask } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import { signingStage } from '../state/timeline.ts';

/**
 * What `output` serves after the stages so far: the app with a mark that differs by stage, or a script for Auto-DEV signing.
 * SYNTHETIC: nothing is protected and no signature is made.
 */
export async function mainOutput(store: Store, task: StoredTask, app: StoredApp): Promise<Composed> {
  const mark = rehearsalMark(
    task.id,
    task.stages.map(({ action }) => action),
  );
  const path = store.uploadPath(app.fileId);
  if (signingStage(task)?.action !== 'sign_script') return protectedApp(path, mark);
  return signingScript(task.id, await protectedApp(path, `${mark}\n${LOCAL_SIGNATURE}`), app.fileName);
}

/** The "universal APK" of an .aab (appdome-api.md §3.14): the same ZIP with another mark, not a real APK. */
export function secondOutput(store: Store, task: StoredTask, app: StoredApp): Promise<Composed> {
  return protectedApp(store.uploadPath(app.fileId), rehearsalMark(task.id, 'universal'));
}

/** Whether the build has mapping files: only if the Fusion Set obfuscates. */
export function hasMapping(task: StoredTask): boolean {
  return task.fusionSet.features.some(({ key }) => key.includes('obfuscation'));
}

/** The ZIP with mapping files, with the members of the real one (§3.14, verified names; contents synthetic). */
export function mappingZip(task: StoredTask, app: StoredApp): Composed {
  const metadata = { build_id: task.id, service_name: app.identity?.bundleId, version: app.identity?.version };
  const xml =
    '<?xml version="1.0" encoding="utf-8"?>\n<resources>\n' +
    '  <string name="com_google_firebase_crashlytics_mappingfileid" translatable="false">' +
    `${task.id.replaceAll('-', '')}</string>\n</resources>\n`;
  const members = {
    'mapping.txt': strToU8(`# Synthetic mapping of rehearsal build ${task.id}\ncom.example.Rehearsal -> a.a:\n`),
    'com_google_firebase_crashlytics_mappingfileid.xml': strToU8(xml),
    'data_dog_metadata.json': strToU8(JSON.stringify(metadata)),
  };
  return composedBuffer(Buffer.from(zipSync(members, { mtime: new Date(2026, 0, 1) })));
}
