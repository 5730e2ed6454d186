/** A build that is complete, without a server. */
import { certificateModel } from '../../src/builds/certificate-model.ts';
import type { CertificateModel } from '../../src/certificate/model.ts';
import { BUILT_IN_FUSION_SETS } from '../../src/fusion-sets/built-in.ts';
import type { FusionSet } from '../../src/fusion-sets/fusion-set.ts';
import type { StoredApp, StoredTask } from '../../src/state/model.ts';

export const app: StoredApp = {
  id: '1b5c7e00-c6f1-11f1-9a3e-0242ac120002',
  teamId: 'personal',
  fileId: 'file',
  fileName: 'Rehearsal.apk',
  sha256: 'a'.repeat(64),
  size: 1000,
  registeredAt: 0,
  queuedUntil: 0,
  analysedAt: 0,
  identity: {
    platform: 'android',
    type: 'apk',
    name: 'Rehearsal',
    bundleId: 'com.example.rehearsal',
    version: '1',
    buildNumber: '2',
    minSdkVersion: '24',
    source: 'manifest',
  },
};

export function task(changes: Partial<StoredTask> = {}): StoredTask {
  const [fusionSet] = BUILT_IN_FUSION_SETS;
  if (fusionSet === undefined) throw new Error('There are built-in sets.');
  return {
    id: '2c6d8f10-c6f1-11f1-9a3e-0242ac120002',
    teamId: 'personal',
    appId: app.id,
    client: 'Fusegate/0.1.0',
    fusionSet,
    stages: [{ action: 'fuse', startedAt: 1000, endsAt: 2000, overrides: {}, files: [] }],
    output: { stages: 1, sha256: 'b'.repeat(64), size: 1100 },
    asked: true,
    ...changes,
  };
}

/** Of a set for Android or iOS. */
export function certificateOf(fusionSet: FusionSet): CertificateModel {
  return certificateModel(task({ fusionSet }), app);
}
