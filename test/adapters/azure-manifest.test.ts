/** task.json and vss-extension.json by tfx and by the rules of their schemas, and the package that tfx makes of them. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { VERSION } from '@fusegate/shared/model/version';
import { inputName, isOn } from '@fusegate/shared/options/spelling';
import { AZURE } from '@fusegate/shared/options/systems/azure';
import { OPTIONS } from '@fusegate/shared/options/table';
import { describe, expect, it } from 'vitest';
import { azurePackageIssues, extensionIssues, packAzureExtension, taskIssues } from '../../scripts/azure-package.mjs';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { readTaskManifest } from './support/azure-agent.ts';
import { ROOT } from './support/child-process.ts';

const task = () => JSON.parse(readFileSync(path.join(ROOT, 'azure-task/task.json'), 'utf8'));
const extension = () => JSON.parse(readFileSync(path.join(ROOT, 'azure-task/vss-extension.json'), 'utf8'));

it('has nothing to say against the staged task and the extension', () => {
  expect(azurePackageIssues()).toEqual([]);
});

describe('the rules see', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a manifest that is broken on purpose
  const broken: Array<[string, (manifest: any) => void, RegExp]> = [
    ['a handler that no agent has', (m) => Object.assign(m.execution, { Node18: { target: 'index.cjs' } }), /Node18/],
    ['an input type of no agent', (m) => Object.assign(m.inputs[0], { type: 'password' }), /no type password/],
    ['a name that YAML cannot use', (m) => Object.assign(m.inputs[0], { name: 'with-hyphen' }), /with-hyphen/],
    [
      'a name twice, in another case',
      (m) => m.inputs.push({ ...m.inputs[1], name: m.inputs[1].name.toUpperCase() }),
      /taken/,
    ],
    ['an alias that is an input', (m) => Object.assign(m.inputs[1], { aliases: [m.inputs[2].name] }), /taken already/],
    ['a group that is not there', (m) => Object.assign(m.inputs[0], { groupName: 'nowhere' }), /no group nowhere/],
    ['a rule about nothing', (m) => Object.assign(m.inputs[3], { visibleRule: 'nothing = 1' }), /names no input/],
    [
      'a rule about a value that is not',
      (m) => Object.assign(m.inputs[3], { visibleRule: 'mode = ran' }),
      /no value of mode/,
    ],
    [
      'a rule that mixes',
      (m) => Object.assign(m.inputs[3], { visibleRule: 'mode = run || mode = gate && sign = none' }),
      /mixes/,
    ],
    ['a choice of nothing', (m) => Object.assign(m.inputs[0], { options: {} }), /without options/],
    [
      'an output that cannot be set',
      (m) => m.outputVariables.push({ name: 'extra', description: '' }),
      /extra cannot be set/,
    ],
  ];
  it.each(broken)('%s', (_what, change, said) => {
    const manifest = task();
    change(manifest);
    expect(taskIssues(manifest).join('\n')).toMatch(said);
  });

  // biome-ignore lint/suspicious/noExplicitAny: a manifest that is broken on purpose
  const brokenExtension: Array<[string, (manifest: any) => void, RegExp]> = [
    ['another version', (m) => Object.assign(m, { version: '9.9.9' }), /versions/],
    ['no publisher', (m) => Object.assign(m, { publisher: '' }), /publisher/],
    ['an icon that is not there', (m) => Object.assign(m.icons, { default: 'nowhere.png' }), /nowhere\.png/],
    ['a task folder that is not packed', (m) => Object.assign(m, { files: [] }), /no folder/],
    [
      'a key that is not confidential',
      (m) => {
        m.contributions[1].properties.authenticationSchemes[0].inputDescriptors[0].isConfidential = false;
      },
      /not confidential/,
    ],
    [
      'a connection that no input takes',
      (m) => Object.assign(m.contributions[1].properties, { name: 'x' }),
      /no input takes/,
    ],
  ];
  it.each(brokenExtension)('%s', (_what, change, said) => {
    const manifest = extension();
    change(manifest);
    expect(extensionIssues(manifest, task()).join('\n')).toMatch(said);
  });
});

/** Names in a ZIP archive's central directory (APPNOTE.TXT 4.3.12). */
function namesIn(archive: Buffer): string[] {
  const names: string[] = [];
  for (
    let at = archive.indexOf('PK\x01\x02', 0, 'latin1');
    at >= 0;
    at = archive.indexOf('PK\x01\x02', at + 4, 'latin1')
  ) {
    names.push(archive.toString('utf8', at + 46, at + 46 + archive.readUInt16LE(at + 28)));
  }
  return names;
}

it('packs without a warning: the task, its manifest and icons, and no source', () => {
  const packed = packAzureExtension(temporaryFolder());
  if ('issues' in packed) throw new Error(packed.issues.join('\n'));
  expect(path.basename(packed.vsix)).toBe(`fusegate.fusegate-appdome-${VERSION}.vsix`);
  const names = namesIn(readFileSync(packed.vsix));
  const files = ['dist/task/index.cjs', 'dist/task/task.json', 'dist/task/icon.png', 'dist/task/pdf-reader.cjs'];
  expect(names).toEqual(
    expect.arrayContaining(['extension.vsixmanifest', 'images/extension.png', 'overview.md', ...files]),
  );
  expect(names.filter((name) => /\.ts$|src\/|node_modules|\.map$/.test(name))).toEqual([]);
});

describe('task.json', () => {
  const manifest = readTaskManifest();
  const names = manifest.inputs.map(({ name }) => name);

  it('has every option of this version, and every output', () => {
    const options = OPTIONS.filter((option) => isOn(option, AZURE));
    expect(names).toEqual(expect.arrayContaining(options.map(({ id }) => inputName(id, AZURE))));
    expect(manifest.outputVariables.map(({ name }) => name)).toEqual(
      OUTPUT_NAMES.map((name) => AZURE.outputName(name)),
    );
  });

  it('takes every input of the official task', () => {
    const accepted = manifest.inputs
      .flatMap(({ name, aliases }) => [name, ...(aliases ?? [])])
      .map((each) => each.toLowerCase());
    const official = [
      'Platform',
      'Sign',
      'App',
      'Token',
      'FusionSetId',
      'OutputFileName',
      'KeystoreFile',
      'KeystorePass',
    ];
    for (const name of [...official, 'KeystoreAlias', 'KeyPass', 'BuildWithLogs']) {
      expect(accepted, name).toContain(name.toLowerCase());
    }
  });

  it('runs on Node 24 and 20, on agents from 3.232.1', () => {
    expect(Object.keys(manifest.execution)).toEqual(['Node24', 'Node20_1']);
    expect(manifest.minimumAgentVersion).toBe('3.232.1');
  });

  it('hands over no default of its own but what a form must show', () => {
    const preset = manifest.inputs.filter(({ defaultValue }) => defaultValue !== '');
    expect(preset.every(({ name, type }) => type === 'boolean' || name === 'mode')).toBe(true);
  });
});
