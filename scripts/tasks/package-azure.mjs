import path from 'node:path';
import { packAzureExtension } from '../azure-package.mjs';
import { buildBundles } from '../bundles.mjs';

/**
 * Makes the .vsix of the Azure extension in azure-task/dist/.
 * @param {string[]} args the publisher, if it is not the manifest's
 */
export async function main([publisher]) {
  await buildBundles(['azure']);
  const packed = packAzureExtension(path.join('azure-task', 'dist'), { publisher });
  if ('issues' in packed) {
    for (const issue of packed.issues) console.error(issue);
    return 1;
  }
  console.log(`package: ${path.relative('.', packed.vsix)}`);
  return 0;
}
