/**
 * The certificate as JSON: the 13 keys that are verified (appdome-api.md §5.2) and a feature block in a selectable shape.
 *
 * SYNTHETIC: how the real document lists features is unknown. The shapes A to G are the candidates of §7.3, so that readers can be tested
 * on all of them; every key except the 13 is invented.
 */
import type { CertificateModel, Chip, JsonShape } from './model.ts';

/** Our own names for private and auto-dev signing: only `OnAppdome` is verified (§5.2). */
const SIGN_TYPES = {
  'on-appdome': 'OnAppdome',
  private: 'PrivateSigning',
  'auto-dev': 'AutoDevPrivateSigning',
} as const;

interface ListedFeature extends Chip {
  category: string;
  role: 'plugin' | 'parameter';
}

function listedFeatures(model: CertificateModel): ListedFeature[] {
  const listed: ListedFeature[] = [];
  for (const { heading, plugins, parameters } of model.categories) {
    for (const chip of plugins) listed.push({ ...chip, category: heading, role: 'plugin' });
    for (const chip of parameters) listed.push({ ...chip, category: heading, role: 'parameter' });
  }
  for (const chip of model.other?.plugins ?? []) listed.push({ ...chip, category: 'Other', role: 'plugin' });
  return listed;
}

/** `In-App Detection` → `in_app_detection`, as policy values are written elsewhere (§3.20). */
function modeWord(mode: string): string {
  return mode
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

function categoryTree(features: ListedFeature[]): Record<string, unknown> {
  const tree = new Map<string, { plugins: string[]; parameters: string[] }>();
  for (const { category, role, key } of features) {
    const branch = tree.get(category) ?? { plugins: [], parameters: [] };
    (role === 'plugin' ? branch.plugins : branch.parameters).push(key);
    tree.set(category, branch);
  }
  return Object.fromEntries(tree);
}

/** The key-value pairs of the shapes D to G. */
function pairs(features: ListedFeature[], value: (feature: ListedFeature) => unknown): Record<string, unknown> {
  return Object.fromEntries(features.map((feature) => [feature.key, value(feature)]));
}

function dottedPairs(features: ListedFeature[]): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const { key, mode } of features) {
    flat[`${key}.enabled`] = true;
    if (mode !== undefined) flat[`${key}.mode`] = modeWord(mode);
  }
  return flat;
}

function featureBlock(features: ListedFeature[], shape: string): Record<string, unknown> {
  switch (shape) {
    case 'A':
      return {
        features: features.map(({ key, category, role, mode }) => ({
          name: key,
          category,
          role,
          enabled: true,
          ...(mode === undefined ? {} : { threat_events: modeWord(mode) }),
        })),
      };
    case 'B':
      return { features: features.map(({ key }) => key) };
    case 'C':
      return { features: categoryTree(features) };
    case 'D':
      return { features: pairs(features, () => true) };
    case 'E':
      return {
        features: pairs(features, ({ mode }) => ({
          enabled: true,
          ...(mode === undefined ? {} : { mode: modeWord(mode) }),
        })),
      };
    case 'F':
      return { features: dottedPairs(features) };
    case 'G':
      return { features: features.map(({ key }) => ({ key, value: true })) };
    default:
      return {};
  }
}

/** The 13 verified keys (§5.2). */
function identityBlock(model: CertificateModel): Record<string, unknown> {
  return {
    build_id: model.buildId,
    app_id: model.appId,
    app_type: model.appType,
    // After a context step the PDF shows both ids; that the JSON has the original's, like the PDF's App Added block, is inferred.
    bundle_id: model.app.bundleId,
    fusion_set_id: model.secured.fusionSetId,
    fusion_set_name: model.secured.fusionSetName,
    team_id: model.teamId ?? 'personal',
    extended_logs: model.extendedLogs,
    ...(model.signing === undefined ? {} : { sign_type: SIGN_TYPES[model.signing.method] }),
    min_sdk_version: model.minSdkVersion,
    release_type: model.releaseType,
    build_external_api_plugin_name: model.client,
    is_context_api_call: model.context !== undefined,
    ...(model.secondIdentity === undefined
      ? {}
      : { details: { [model.secondIdentity.key]: model.secondIdentity.value } }),
  };
}

/** The document as an object, for tests that change it before they serialise it. */
export function certificateJsonObject(model: CertificateModel, shape: JsonShape): Record<string, unknown> {
  const nested = shape.startsWith('nested');
  const featureShape = shape === 'nested' ? 'A' : shape.replace('nested-', '');
  const document = { ...identityBlock(model), ...featureBlock(listedFeatures(model), featureShape) };
  return nested ? { synthetic_rehearsal: true, certificate: document } : { ...document, synthetic_rehearsal: true };
}

/**
 * @returns compact JSON text, as the service delivers it (§5.3, inferred). The key `synthetic_rehearsal` marks it as synthetic.
 */
export function renderCertificateJson(model: CertificateModel, shape: JsonShape = 'A'): string {
  return JSON.stringify(certificateJsonObject(model, shape));
}
