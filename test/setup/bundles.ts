/** End-to-end tests run what users run. Vitest calls this only where one of them is to run, so a unit test waits for no build. */
import { buildBundles } from '../../scripts/bundles.mjs';

export default async function setup(): Promise<void> {
  await buildBundles();
}
