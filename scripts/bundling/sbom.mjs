/**
 * What is in a bundle, as a CycloneDX bill of materials: its files, and the packages of others in them. It has no time and no random
 * number, because `npm run check` compares committed ones byte for byte. Existing generators read the lockfile or one build; these are the
 * packages whose code really is in the main file, in the parts beside it and in the WebAssembly.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import { parse } from 'yaml';
import { INSIDE } from './inside.mjs';

const { ComponentType, HashAlgorithm } = Enums;

/** @type {(text: string) => boolean} */
const isSpdxId = (text) => SPDX.isSupportedSpdxId(text);

/** @param {unknown} license of a package.json, or of code inside a package */
function licenseOf(license) {
  if (typeof license !== 'string') return new Models.NamedLicense('see the notices');
  if (isSpdxId(license)) return new Models.SpdxLicense(license);
  const ids = license.split(/ (?:OR|AND) |[()]/).filter((part) => part !== '');
  return ids.every(isSpdxId) ? new Models.LicenseExpression(license) : new Models.NamedLicense(license);
}

/** @param {{ name: string, version?: string, license?: unknown }} facts */
function library({ name, version, license }) {
  const [scope, base] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${name.replace('@', '%40')}${version === undefined ? '' : `@${version}`}`;
  return new Models.Component(ComponentType.Library, base ?? name, {
    ...(scope === undefined ? {} : { group: scope }),
    ...(version === undefined ? {} : { version }),
    purl,
    // The library draws a random one for those that have none.
    bomRef: purl,
    licenses: new Models.LicenseRepository([licenseOf(license)]),
  });
}

/**
 * By name and version, as pnpm locks them.
 * @typedef {Record<string, { resolution?: { integrity?: string } }>} Locked
 */

/** @returns {Locked} */
export const lockedPackages = () => parse(readFileSync('pnpm-lock.yaml', 'utf8')).packages;

/** @param {import('./packages-in.mjs').Package} bundled @param {Locked} locked */
function bundledLibrary({ folder, manifest }, locked) {
  const { name, version } = manifest;
  const component = library(manifest);
  // Of the package's tarball, which is what a purl stands for.
  const [, digest] = /^sha512-(.+)$/.exec(locked[`${name}@${version}`]?.resolution?.integrity ?? '') ?? [];
  if (digest !== undefined) {
    component.hashes.set(HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'));
  }
  for (const included of INSIDE[name]?.packages(folder) ?? []) component.components.add(library(included));
  return component;
}

/**
 * @param {{ name: string, package: string }} bundle and the folder of the package of ours that it is built from
 * @param {Array<{ name: string, content: string | Buffer }>} files that it consists of
 * @param {import('./packages-in.mjs').Package[]} packages that it holds
 * @param {Locked} locked
 * @returns {string} the same on every machine
 */
export function sbomOf({ name, package: folder }, files, packages, locked) {
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const bom = new Models.Bom();
  bom.metadata.component = new Models.Component(ComponentType.Application, name, {
    group: '@fusegate',
    version,
    bomRef: name,
    licenses: new Models.LicenseRepository([licenseOf(license)]),
  });
  for (const { name: file, content } of files) {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const hashes = new Models.HashDictionary([[HashAlgorithm['SHA-256'], sha256]]);
    bom.metadata.component.components.add(
      new Models.Component(ComponentType.File, file, { bomRef: `${name}/${file}`, hashes }),
    );
  }
  const libraries = new Map(packages.map((bundled) => [bundled.folder, bundledLibrary(bundled, locked)]));
  for (const { folder, uses, direct } of packages) {
    const component = /** @type {Models.Component} */ (libraries.get(folder));
    bom.components.add(component);
    if (direct) bom.metadata.component.dependencies.add(component.bomRef);
    for (const used of uses.map((each) => libraries.get(each))) if (used) component.dependencies.add(used.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}
