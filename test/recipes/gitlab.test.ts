/** The GitLab components as they are written; test/runners/gitlab-component.test.ts runs them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '@fusegate/shared/model/version';
import { OPTIONS } from '@fusegate/shared/options/table';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { PUBLISH } from '../../scripts/publish.mjs';
import { ROOT } from '../adapters/support/child-process.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';

interface Spec {
  type: 'string' | 'boolean';
  description: string;
  default?: string | boolean;
  options?: string[];
  regex?: string;
}

interface Job {
  variables: Record<string, string>;
  script: string[];
  artifacts?: { when: string; exclude: string[]; reports: Record<string, string> };
}

const FOLDER = path.join(ROOT, 'recipes/gitlab/templates');

function read(file: string): { inputs: Record<string, Spec>; job: Job; text: string } {
  const text = readFileSync(path.join(FOLDER, file), 'utf8');
  const [header, body] = parseAllDocuments(text).map((document) => document.toJS());
  const [job] = Object.values(body);
  return { inputs: header.spec.inputs, job: job as Job, text };
}

describe.each(readdirSync(FOLDER))('%s', (file) => {
  const { inputs, job, text } = read(file);
  const script = job.script.join('\n');

  it('has no input for a secret', () => {
    const secrets = OPTIONS.filter(({ type }) => type.kind === 'secret' || (type.kind === 'file' && type.secret));
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter(({ id }) => Object.hasOwn(inputs, id))).toEqual([]);
  });

  it('has defaults that its own rules allow', () => {
    for (const [name, { type, default: preset, options, regex }] of Object.entries(inputs)) {
      if (preset === undefined) continue;
      expect(typeof preset, name).toBe(type);
      expect(options?.includes(String(preset)) ?? true, name).toBe(true);
      expect(new RegExp(regex ?? '').test(String(preset)), name).toBe(true);
    }
  });

  it('has expressions that RE2 knows, and that let a variable through', () => {
    const expressions = Object.values(inputs).flatMap(({ regex }) => regex ?? []);
    expect(expressions.length).toBeGreaterThan(0);
    for (const regex of expressions) {
      expect(regex).not.toMatch(/\(\?[=!<]|\\[1-9]/);
      expect('$SOME_VARIABLE').toMatch(new RegExp(regex));
      expect('not ~ it').not.toMatch(new RegExp(regex));
    }
  });

  it('puts each input into a variable, where no character of it ends anything, and never into the script', () => {
    expect(script).not.toContain('$[[');
    for (const [variable, value] of Object.entries(job.variables)) {
      expect(text).toContain(`    ${variable}: |-\n      ${value}\n`);
      expect(script).toContain(variable);
    }
    const ofTheJob = ['job-name', 'stage', 'image'];
    const given = Object.values(job.variables).map((value) => /^\$\[\[ inputs\.([\w-]+) \]\]$/.exec(value)?.[1]);
    expect(given).toEqual(Object.keys(inputs).filter((name) => !ofTheJob.includes(name)));
  });

  it('runs this very version, in an image by its digest, by any shell', () => {
    expect(script).toContain(`npx --yes ${PUBLISH.npmPackage}@${VERSION} `);
    expect(inputs['image']?.default).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
  });

  it.runIf(process.platform !== 'win32')('puts no credential into an argument, which other processes can read', () => {
    const programs = temporaryFolder();
    for (const name of ['node', 'npx', 'tar']) {
      const lines = ['#!/bin/sh', 'echo "$0 $*"', 'echo "variables $FROM $FUSEGATE_PROXY"'];
      writeFileSync(path.join(programs, name), `${lines.join('\n')}\n`, { mode: 0o755 });
    }
    const said = (given: Record<string, string>) =>
      spawnSync('sh', { input: script, encoding: 'utf8', env: { PATH: `${programs}:/usr/bin:/bin`, ...given } }).stdout;
    const proxy = said({ OPTION_PROXY: 'http://user:hidden@proxy.example:8080' });
    expect(proxy).toContain('npx --yes');
    expect(proxy.includes('hidden')).toBe(Object.hasOwn(inputs, 'proxy'));
    const release = said({ OPTION_RELEASE_FILE: 'https://files.example/f.tgz?token=hidden' });
    expect(release).toContain('node -e');
    for (const text of [proxy, release]) {
      expect(text.split('\n').filter((line) => line.includes('hidden') && !line.startsWith('variables '))).toEqual([]);
    }
  });

  it('keeps its reports whatever happens, and nothing that is private or held back', () => {
    if (file === 'verify.yml') return expect(job.artifacts).toBeUndefined();
    const { when, exclude, reports } = job.artifacts ?? { when: '', exclude: [], reports: {} };
    expect(when).toBe('always');
    for (const folder of ['private', 'rejected', 'previous']) {
      expect(exclude).toContain(`$[[ inputs.output-dir ]]/${folder}/**`);
    }
    expect(Object.keys(reports)).toEqual(expect.arrayContaining(['junit', 'codequality']));
  });
});

it('says at once what is wrong with a value', () => {
  const { inputs } = read('fusegate.yml');
  const takes = (name: string, value: string) => new RegExp(inputs[name]?.regex ?? '').test(value);
  expect(takes('fusion-set-id', '9b6ee3c0-631e-11f0-811d-012fa289ddab')).toBe(true);
  expect(takes('fusion-set-id', '9b6ee3c0')).toBe(false);
  expect(takes('timeout', '1h30m')).toBe(true);
  expect(takes('timeout', '55')).toBe(false);
  expect(takes('retries', '3')).toBe(true);
  expect(takes('retries', 'three')).toBe(false);
});
