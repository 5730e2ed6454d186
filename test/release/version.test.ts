/** One version, wherever it is written. */
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGES } from '../../scripts/packages.mjs';
import { setVersion, versionOf, withVersion } from '../../scripts/release/version.mjs';
import { temporaryFolder } from '../e2e/support/cli.ts';

it.each([
  ['npx --yes fusegate@1.2.3 run', 'npx --yes fusegate@4.5.6 run'],
  ['fusegate-1.2.3.tgz', 'fusegate-4.5.6.tgz'],
  ['git::https://HOST/OWNER/fusegate-step.git@1.2.3:', 'git::https://HOST/OWNER/fusegate-step.git@4.5.6:'],
  ['component: HOST/OWNER/fusegate/gate@1.2.3', 'component: HOST/OWNER/fusegate/gate@4.5.6'],
  ['uses: OWNER/fusegate-action@v1 # short', 'uses: OWNER/fusegate-action@v4 # short'],
  ['the tag `v1`, and `@v1` too', 'the tag `v4`, and `@v4` too'],
  ['- task: Fusegate@1', '- task: Fusegate@4'],
  ['docker build -t fusegate:1.2.3 .', 'docker build -t fusegate:4.5.6 .'],
  ['fusegate@1.2.34 and other@1.2.3 and actions/checkout@v1', undefined],
])('%s', (text, expected) => {
  expect(withVersion(text, '1.2.3', '4.5.6')).toBe(expected ?? text);
});

it('is set in every manifest, the sources and the pages', () => {
  const root = temporaryFolder('fusegate-version-');
  const from = versionOf('.');
  const to = '98.76.54';
  const mine = (file: string) => !/(?:^|\/)(?:node_modules|dist)(?:\/|$)/.test(file.replaceAll('\\', '/'));
  mkdirSync(path.join(root, 'test'));
  for (const name of [
    'package.json',
    'README.md',
    'docs',
    'test/package.json',
    'jenkins-shim/vars',
    'jenkins-shim/examples',
  ])
    cpSync(name, path.join(root, name), { recursive: true, filter: mine });
  cpSync('shared/src/model/version.ts', path.join(root, 'shared/src/model/version.ts'));
  for (const name of PACKAGES)
    for (const file of ['package.json', 'README.md']) cpSync(path.join(name, file), path.join(root, name, file));
  setVersion(root, to);
  expect(versionOf(root)).toBe(to);
  const old = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:json|md|ts|groovy|txt|sh|declarative|scripted)$/.test(file))
    .flatMap((file) =>
      readFileSync(path.join(root, file), 'utf8')
        .split('\n')
        .filter((line) => /"version"|VERSION =|fusegate/i.test(line) && line.includes(from))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(old).toEqual([]);
  for (const name of PACKAGES) expect(versionOf(path.join(root, name)), name).toBe(to);
});
