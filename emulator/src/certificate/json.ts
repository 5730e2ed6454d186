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

interface ListedFeature {
  key: string;
  mode?: string | undefined;
  category: string;
  /** Absent for a display name. */
  role?: 'plugin' | 'parameter';
}

/** All names that the PDF prints: keys, then display names. Both documents show one record, so neither lacks a name of the other (inferred). */
function listedFeatures(model: CertificateModel): ListedFeature[] {
  const listed = (chips: Chip[], category: string, role: 'plugin' | 'parameter') =>
    chips.map(({ key, mode }): ListedFeature => ({ key, mode, category, role }));
  return [
    ...model.categories.flatMap(({ heading, plugins, parameters }) => [
      ...listed(plugins, heading, 'plugin'),
      ...listed(parameters, heading, 'parameter'),
    ]),
    ...listed(model.other?.plugins ?? [], 'Other', 'plugin'),
    ...model.intelligence.map(({ name, mode, category }): ListedFeature => ({ key: name, mode, category })),
  ];
}

/** `In-App Detection` → `in_app_detection`, as policy values are written elsewhere (§3.20). */
function modeWord(mode: string | undefined): string | undefined {
  return mode
    ?.toLowerCase()
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

/** The key-value pairs of the shapes D and E. */
function pairs(features: ListedFeature[], value: (feature: ListedFeature) => unknown): Record<string, unknown> {
  return Object.fromEntries(features.map((feature) => [feature.key, value(feature)]));
}

/** The feature list in each shape. */
const LISTS: Record<string, (features: ListedFeature[]) => unknown> = {
  A: (features) =>
    features.map(({ key, category, role, mode }) => ({
      name: key,
      category,
      role,
      enabled: true,
      threat_events: modeWord(mode),
    })),
  B: (features) => features.map(({ key }) => key),
  C: categoryTree,
  D: (features) => pairs(features, () => true),
  E: (features) => pairs(features, ({ mode }) => ({ enabled: true, mode: modeWord(mode) })),
  F: (features) =>
    Object.fromEntries(
      features.flatMap(({ key, mode }) => [
        [`${key}.enabled`, true],
        [`${key}.mode`, modeWord(mode)],
      ]),
    ),
  G: (features) => features.map(({ key }) => ({ key, value: true })),
};

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
    sign_type: model.signing && SIGN_TYPES[model.signing.method],
    min_sdk_version: model.minSdkVersion,
    release_type: model.releaseType,
    build_external_api_plugin_name: model.client,
    is_context_api_call: model.context !== undefined,
    details: model.secondIdentity && { [model.secondIdentity.key]: model.secondIdentity.value },
  };
}

/** The document as an object, for tests that change it before they serialise it. */
export function certificateJsonObject(model: CertificateModel, shape: JsonShape): Record<string, unknown> {
  const nested = shape.startsWith('nested');
  const list = LISTS[shape === 'nested' ? 'A' : shape.replace('nested-', '')];
  const document = { ...identityBlock(model), ...(list && { features: list(listedFeatures(model)) }) };
  return nested ? { synthetic_rehearsal: true, certificate: document } : { ...document, synthetic_rehearsal: true };
}

/**
 * @returns compact JSON text, as the service delivers it (§5.3, inferred). The key `synthetic_rehearsal` marks it as synthetic.
 */
export function renderCertificateJson(model: CertificateModel, shape: JsonShape = 'A'): string {
  return JSON.stringify(certificateJsonObject(model, shape));
}
