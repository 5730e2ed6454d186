/** Makes the plugins' manifests and the reference pages from the option table. */
import { loadTypeScript } from '../bundles.mjs';

export async function generate() {
  const { manifests } = await loadTypeScript('scripts/generate/manifest/manifests.ts');
  return { files: manifests() };
}
