/** What a build's certificate says, derived from the app, the Fusion Set as it was, and the stages. All of it is synthetic. */
import { createHash } from 'node:crypto';
import { VERSION } from '@fusegate/shared/model/version';
import { isTrue } from '../actions/action.ts';
import type { CategoryBlock, CertificateModel, CertifiedApp, Chip, Signing } from '../certificate/model.ts';
import type { FusionFeature } from '../fusion-sets/fusion-set.ts';
import { PERSONAL_TEAM, type StoredApp, type StoredStage, type StoredTask } from '../state/model.ts';
import { signingStage } from '../state/timeline.ts';

const COVERED_OS = {
  android: ['Android 15', 'Android 14', 'Android 13', 'Android 12'],
  ios: ['iOS 18', 'iOS 17', 'iOS 16'],
} as const;

/** Twenty years, like the one real signature that was seen. */
const SIGNATURE_YEARS = 20;

/** The signer in a rehearsal. In fact, nobody signs. */
export const SIGNER = 'CN=Rehearsal Signer, OU=Rehearsal, O=Fusegate emulator, C=US';

/** @throws if the build's output is not final: only ask for completed builds */
export function certificateModel(task: StoredTask, app: StoredApp): CertificateModel {
  const { identity } = app;
  const [fuse] = task.stages;
  if (identity === undefined || fuse === undefined || task.output === undefined)
    throw new Error('The build is not complete.');
  const { fusionSet, output } = task;
  const context = task.stages.findLast(({ action }) => action === 'context');
  const signing = signingStage(task);
  const { name, version, buildNumber, bundleId } = identity;
  const original: CertifiedApp = { name, version, buildNumber, bundleId };
  const other = chips(fusionSet.features.filter(({ category }) => category === 'Other'));
  const delta = output.size - app.size;
  return {
    buildId: task.id,
    appId: app.id,
    teamId: task.teamId === PERSONAL_TEAM ? undefined : task.teamId,
    platform: identity.platform,
    appType: identity.type,
    app: original,
    minSdkVersion: identity.minSdkVersion,
    user: 'Rehearsal User',
    client: clientName(task.client),
    appdomeVersion: `0.0.0-rehearsal.${VERSION}`,
    createdAt: iso(task.stages.at(-1)?.endsAt ?? fuse.endsAt),
    added: { at: iso(app.registeredAt), sha256: app.sha256, size: app.size },
    secured: {
      at: iso(fuse.startedAt),
      fusionSetId: fusionSet.id,
      fusionSetName: fusionSet.name,
      fusionSetModifiedAt: fusionSet.modifiedAt ?? iso(app.registeredAt),
      coveredOs: [...COVERED_OS[identity.platform]],
      annotation: fusionSet.annotation,
      securityInside: delta,
    },
    categories: categories(fusionSet.features),
    other: other.length === 0 ? undefined : { plugins: other, size: delta },
    intelligence: fusionSet.features.flatMap(({ displayName, mode, category }) =>
      displayName === undefined || mode === undefined ? [] : [{ name: displayName, mode, category }],
    ),
    missingListeners: missingListeners(task),
    optimizeBuild: -delta,
    context: context && { at: iso(context.startedAt), app: appAfterContext(original, context) },
    ...(signing && { signing: signingBlock(signing, output) }),
    extendedLogs: isTrue(fuse.overrides.extended_logs),
    releaseType: 'rehearsal',
  };
}

/** Those that the set lists, or that the build looked for. */
function missingListeners({ fusionSet, missingListeners: searched = [] }: StoredTask): string[] {
  return fusionSet.missingListeners === 'search' ? searched : (fusionSet.missingListeners ?? []);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** Headings in the order of the set; keys sorted, as on real certificates; each key once per row. */
function categories(features: FusionFeature[]): CategoryBlock[] {
  const headings = new Set(features.map(({ category }) => category).filter((category) => category !== 'Other'));
  return [...headings].map((heading) => {
    const here = features.filter(({ category }) => category === heading);
    return {
      heading,
      plugins: chips(here.filter(({ role }) => role === 'plugin')),
      parameters: chips(here.filter(({ role }) => role === 'parameter')),
    };
  });
}

/**
 * Real certificates mark every chip whose Threat-Events are on, but print no mode of `os_integrity` and `smali_obfuscation`, which have no
 * display name and send no known event. So no document of ours states one for them.
 */
function chips(features: FusionFeature[]): Chip[] {
  const byKey = new Map<string, Chip>();
  for (const { key, mode, displayName } of features) {
    const before = byKey.get(key);
    const stated = displayName === undefined ? undefined : mode;
    byKey.set(key, { key, marked: before?.marked || mode !== undefined, mode: stated ?? before?.mode });
  }
  return [...byKey.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * `Appdome-cli-python/1.0` → `AppdomeCliPython` (appdome-api.md §1.3, verified for that value). For other values the same rule is
 * inferred; without a header it is `Unknown` (inferred).
 */
export function clientName(header: string): string {
  const product = header.split('/')[0] ?? '';
  const words = product.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('') || 'Unknown';
}

function appAfterContext(app: CertifiedApp, { overrides }: StoredStage): CertifiedApp {
  const changed = (name: string, value: string) => {
    const given = overrides[`app_customization_pack_bundle_${name}`];
    return typeof given === 'string' || typeof given === 'number' ? String(given) : value;
  };
  return {
    name: changed('display_name', app.name),
    version: changed('version', app.version),
    buildNumber: changed('build_number', app.buildNumber),
    bundleId: changed('identifier', app.bundleId),
  };
}

function signingBlock(stage: StoredStage, output: { sha256: string; size: number }): Signing {
  const at = iso(stage.endsAt);
  if (stage.action !== 'sign') return { method: stage.action === 'seal' ? 'private' : 'auto-dev', at };
  const expires = new Date(stage.endsAt);
  expires.setUTCFullYear(expires.getUTCFullYear() + SIGNATURE_YEARS);
  const store = stage.files.find(({ field }) => field === 'signing_keystore' || field === 'signing_p12_content');
  return {
    method: 'on-appdome',
    at,
    owner: SIGNER,
    expiresAt: expires.toISOString(),
    // Synthetic: no certificate is read from the keystore. The same keystore gives the same value.
    signerCertificateSha256: createHash('sha256').update(`rehearsal ${store?.sha256}`).digest('hex'),
    finalSha256: output.sha256,
    finalSize: output.size,
  };
}
