import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as apiClient from '../generate/api-client.mjs';
import * as catalogue from '../generate/catalogue.mjs';
import * as certificateFixture from '../generate/certificate-fixture.mjs';
import * as ciSystems from '../generate/ci-systems.mjs';
import * as errors from '../generate/errors.mjs';
import * as fidelity from '../generate/fidelity.mjs';
import * as fleetSchema from '../generate/fleet-schema.mjs';
import * as manifests from '../generate/manifests.mjs';
import * as ownWords from '../generate/own-words.mjs';
import * as policySchema from '../generate/policy-schema.mjs';
import * as pollingChart from '../generate/polling-chart.mjs';
import * as protections from '../generate/protections.mjs';
import * as recipes from '../generate/recipes.mjs';
import * as resultSchema from '../generate/result-schema.mjs';

/**
 * What a generator makes. `skipped` says why it cannot run here (its source is not part of the repository); the committed file then stays
 * as it is.
 * @typedef {{ files: Array<{ path: string, content: string | Uint8Array }> } | { skipped: string }} Generated
 * @typedef {{ generate: () => Promise<Generated> }} Generator
 */

/**
 * Every generated file in the repository comes from one of these, and `--check` compares them all.
 * @type {Record<string, Generator>}
 */
const GENERATORS = {
  'api-client': apiClient,
  catalogue,
  'ci-systems': ciSystems,
  errors,
  fidelity,
  'fleet-schema': fleetSchema,
  manifests,
  'own-words': ownWords,
  'policy-schema': policySchema,
  'polling-chart': pollingChart,
  protections,
  recipes,
  'result-schema': resultSchema,
};

/**
 * Made only on request (`npm run generate certificate-fixture`) and never checked: their bytes depend on the Node version.
 * @type {Record<string, Generator>}
 */
const ON_REQUEST = { 'certificate-fixture': certificateFixture };

/** @param {string} file */
function committed(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/**
 * Writes the generated files, or those of the named generators; with `--check` it writes nothing and fails if one is stale.
 * @param {string[]} args
 * @returns {Promise<number>} 0; 1 if `--check` found a stale file or a generator failed; 2 if a name is unknown
 */
export async function main(args) {
  const check = args.includes('--check');
  const names = args.filter((arg) => !arg.startsWith('--'));
  const all = { ...GENERATORS, ...ON_REQUEST };
  const unknown = names.filter((name) => !Object.hasOwn(all, name));
  if (unknown.length > 0) {
    console.error(`No generator ${unknown.join(', ')}. There are: ${Object.keys(all).join(', ')}`);
    return 2;
  }
  let stale = 0;
  let failed = 0;
  for (const [name, { generate }] of Object.entries(names.length > 0 ? all : GENERATORS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const made = await generate().catch((/** @type {unknown} */ error) => {
      console.error(`FAIL ${name}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    });
    if (made === undefined) {
      failed += 1;
      continue;
    }
    if ('skipped' in made) {
      console.log(`skip ${name}: ${made.skipped}`);
      continue;
    }
    for (const file of made.files) {
      if (committed(file.path)?.equals(Buffer.from(file.content))) {
        console.log(`ok   ${file.path}`);
      } else if (check) {
        console.error(`STALE ${file.path}: run npm run generate and commit the result`);
        stale += 1;
      } else {
        mkdirSync(path.dirname(file.path), { recursive: true });
        writeFileSync(file.path, file.content);
        console.log(`made ${file.path}`);
      }
    }
  }
  return stale + failed === 0 ? 0 : 1;
}
