import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PACKAGES } from '../../../scripts/packages.mjs';
import { isTooOld, MINIMUM_NODE, VERSION } from '../../src/model/version.ts';

const text = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

it.each(['.', ...PACKAGES])('%s/package.json has the version that we send', (folder) => {
  expect(JSON.parse(text(`${folder}/package.json`)).version).toBe(VERSION);
});

describe('the oldest Node is the same everywhere', () => {
  it('in package.json, which the set-up and the published client read', () => {
    expect(JSON.parse(text('package.json')).engines.node).toBe(`>=${MINIMUM_NODE}`);
  });

  it('in step.sh, which may be started where Node reads none of our code', () => {
    const [major, minor] = MINIMUM_NODE.split('.');
    expect(text('bitrise-step/step.sh')).toContain(`"\${BASH_REMATCH[1]}" -lt ${major} ]`);
    expect(text('bitrise-step/step.sh')).toContain(`"\${BASH_REMATCH[2]}" -lt ${minor} ]`);
  });

  it.each(['bitrise-step/step.sh', 'jenkins-shim/vars/fusegate.groovy', 'README.md', 'CONTRIBUTING.md'])(
    'in what %s says',
    (file) => {
      const named = [...text(file).matchAll(/(?:Node|needs) (\d+\.\d+) or newer/g)].map(([, found]) => found);
      expect(new Set(named)).toEqual(new Set([MINIMUM_NODE]));
    },
  );
});

it.each([
  ['20.20.0', false],
  ['20.20.2', false],
  ['20.100.0', false],
  ['22.0.0', false],
  ['100.1.0', false],
  ['20.19.9', true],
  ['20.2.0', true],
  ['18.20.4', true],
  ['9.11.2', true],
])('Node %s is too old: %s', (version, tooOld) => {
  expect(isTooOld(version)).toBe(tooOld);
});
