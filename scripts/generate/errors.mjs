/** Makes docs/errors.md: what every code means, and what to do about it. */
import { loadTypeScript } from '../bundles.mjs';

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { errorsPage } = await loadTypeScript('scripts/generate/errors/page.ts');
  return { files: [{ path: 'docs/errors.md', content: errorsPage() }] };
}
