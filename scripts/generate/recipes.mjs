/** Makes the recipes for CI systems without a plugin from the option table. */
import { loadTypeScript } from '../bundles.mjs';

export async function generate() {
  const { recipes } = await loadTypeScript('scripts/generate/recipes/recipes.ts');
  return { files: recipes() };
}
