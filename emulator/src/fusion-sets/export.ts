import type { FusionSet } from './fusion-set.ts';

/**
 * A Fusion Set as a document. SYNTHETIC: the shape of the real export is unknown; the dotted names below `data` follow the one example
 * of a policy value (appdome-api.md §3.20).
 */
export function exportedFusionSet(set: FusionSet): Record<string, unknown> {
  return {
    fusion_set_id: set.id,
    fusion_set_name: set.name,
    platform: set.platform,
    modified_at: set.modifiedAt,
    data: policyOf(set),
    synthetic_rehearsal: true,
  };
}

/** Dotted policy names with their values. */
export function policyOf({ features }: FusionSet): Record<string, unknown> {
  const policy: Record<string, unknown> = {};
  for (const { key, mode } of features) {
    policy[`message_policy.${key}.enabled`] = true;
    if (mode !== undefined) policy[`message_policy.${key}.mode`] = mode;
  }
  return policy;
}
