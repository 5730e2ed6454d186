/** What makes two runs the same build. */
import { createHash } from 'node:crypto';
import { buildOverrides } from '../api/sign-overrides.ts';
import type { RunRequest } from '../model/run-request.ts';
import { withoutSecrets } from '../secrets/secret-overrides.ts';
import type { InputDigests } from './input-digests.ts';

type BuildInputs = Pick<
  RunRequest,
  'server' | 'sign' | 'context' | 'fusionSetId' | 'buildToTest' | 'buildLogs' | 'buildOverrides'
>;

/** A hash of all that decides what the build is. With which key it is signed does not. */
export function fingerprintOf(
  request: BuildInputs,
  app: { sha256: string } | { appId: string } | { buildId: string },
  origin: string,
  files: InputDigests = {},
): string {
  const { server, fusionSetId, buildToTest } = request;
  const { keystore: _keystore, p12: _p12, ...others } = files;
  return hashOf({
    app,
    fusionSetId: fusionSetId?.toLowerCase(),
    teamId: server.teamId ?? 'personal',
    origin,
    overrides: buildOverrides(request),
    buildToTest,
    ...actionsOf(request),
    files: others,
  });
}

/** A hash of what is done to the finished build, whatever it is made from: its context and its signing, with the key. */
export function actionsFingerprint(
  request: Pick<BuildInputs, 'sign' | 'context'>,
  { appIcon, iconOverlay, provisioningProfiles, entitlements, keystore, p12 }: InputDigests,
): string {
  const files = { appIcon, iconOverlay, provisioningProfiles, entitlements, keystore, p12 };
  return hashOf({ ...actionsOf(request), alias: request.sign?.keystoreAlias, files });
}

function actionsOf({ sign, context }: Pick<BuildInputs, 'sign' | 'context'>) {
  const { appIcon: _icon, iconOverlay: _overlay, ...changes } = context ?? {};
  return {
    context: context === undefined ? undefined : changes,
    sign: {
      method: sign?.method,
      fingerprint: sign?.signingFingerprint,
      upgrade: sign?.signingFingerprintUpgrade,
      googlePlay: sign?.googlePlaySigning === true,
      trusted: sign?.trustedFingerprints,
      overrides: sign?.overrides === undefined ? undefined : withoutSecrets(JSON.parse(sign.overrides.reveal())),
    },
  };
}

function hashOf(inputs: object): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
