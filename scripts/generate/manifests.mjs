/** Makes what the option table is the source of: the plugins' manifests and the reference pages. */
import { loadTypeScript } from '../bundles.mjs';

export async function generate() {
  const { manifests } = await loadTypeScript('scripts/generate/manifest/manifests.ts');
  return { files: manifests() };
}
