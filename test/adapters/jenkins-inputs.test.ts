/** How flags, the library's arguments and the official plugin's fields become inputs of the Jenkins script; and the page that shows them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { jenkinsInputs, withoutLibraryVariables } from '../../jenkins-shim/src/jenkins-inputs.ts';
import { libraryOutputs, workspacePattern } from '../../jenkins-shim/src/library-outputs.ts';
import { ROOT } from './support/child-process.ts';
import { groovyProblems } from './support/groovy-problems.ts';
import { shellProblems } from './support/shell-problems.ts';

const library = (value: unknown, more: Record<string, string> = {}) =>
  jenkinsInputs([], { ...more, FUSEGATE_JENKINS_ARGUMENTS: typeof value === 'string' ? value : JSON.stringify(value) });

describe('arguments of the library', () => {
  it('camelCase, kebab-case, texts, numbers, booleans and lists', () => {
    const { inputs, problems } = library({
      fusionSetId: 'x',
      'output-dir': 'out',
      retries: 3,
      verbose: true,
      requiredFeatures: ['A', 'B'],
      app: null,
    });
    expect(problems).toEqual([]);
    expect(inputs.map(({ name, value }) => [name, value])).toEqual([
      ['fusion-set-id', 'x'],
      ['output-dir', 'out'],
      ['retries', '3'],
      ['verbose', 'true'],
      ['required-features', 'A\nB'],
    ]);
  });

  it('a secret only by the variable that it is bound to', () => {
    const { inputs } = library({ apiKey: { variable: 'FUSEGATE_CREDENTIAL_0' } }, { FUSEGATE_CREDENTIAL_0: 'key' });
    expect(inputs).toEqual([{ name: 'api-key', spelling: 'apiKey', value: 'key' }]);
    const [plain] = library({ keystorePassword: 'in clear' }).inputs;
    expect(plain).toMatchObject({ value: '', refused: { message: expect.stringContaining('is a secret') } });
  });

  it('what is neither is told', () => {
    expect(library({ app: { path: 'x' } }).problems[0]?.message).toMatch(/neither text/);
    for (const text of ['{', '[]', 'null', '"x"'])
      expect(library(text).problems[0]?.message).toMatch(/not a JSON object/);
  });

  it('its variables are no options', () => {
    const kept = withoutLibraryVariables({
      FUSEGATE_JENKINS_ARGUMENTS: '{}',
      FUSEGATE_CREDENTIAL_0: 'x',
      FUSEGATE_FILE_CREDENTIAL_3: 'y',
      FUSEGATE_GATE: 'warn',
    });
    expect(kept).toEqual({ FUSEGATE_GATE: 'warn' });
  });
});

describe('fields of the official plugin', () => {
  const given = (words: string[], env: Record<string, string> = {}) =>
    Object.fromEntries(jenkinsInputs(words, env).inputs.map(({ name, value }) => [name, value]));

  it('one keystore field for both platforms', () => {
    const ios = library(
      {
        appPath: 'a.ipa',
        keystorePath: 'id.p12',
        keystorePassword: { variable: 'PASS' },
        certificateMethod: 'iOS_AutoSign',
      },
      { PASS: 'secret' },
    );
    const values = Object.fromEntries(ios.inputs.map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({ p12: 'id.p12', 'p12-password': 'secret' });
    expect(given(['--appPath', 'a.apk', '--keystorePath', 'k.jks'])).toMatchObject({ keystorePath: 'k.jks' });
  });

  it('the fingerprint of Google Play switches it on', () => {
    expect(given(['--appPath', 'a.apk', '--googleSign', 'AB'])).toMatchObject({ 'google-play-signing': 'true' });
    expect(given(['--appPath', 'a.apk', '--googleSign', 'AB', '--googleSigning=false'])).not.toHaveProperty(
      'google-play-signing',
    );
  });

  it('paths from its variables, only in a step of it', () => {
    const env = { APP_PATH: 'a.apk', KEYSTORE_PATH: 'k.jks' };
    expect(given(['--certificateMethod', 'Android_SignOnAppdome'], env)).toMatchObject({
      app: 'a.apk',
      keystore: 'k.jks',
    });
    expect(given(['--sign', 'on-appdome'], env)).toEqual({ sign: 'on-appdome' });
  });
});

describe('what the library is told', () => {
  it.each([
    ['/ws/out/app.apk', 'out/app.apk'],
    ['/ws/out/a, b$HOME*.apk', 'out/a? b?HOME?.apk'],
    ['/ws/../etc/passwd', undefined],
    ['/elsewhere/app.apk', undefined],
    ['/ws', undefined],
  ])('%s', (file, pattern) => expect(workspacePattern(file, '/ws')).toBe(pattern));

  it('one line for each value, whatever is in it', () => {
    const published = { reports: ['/ws/o/r.json'], app: ['/ws/o/a.apk'], certificate: [] };
    const text = libraryOutputs(
      new Map([['missing-features', 'A\nARCHIVE=/etc\r\nB']]),
      published,
      '/ws/o/j.xml',
      '/ws',
    );
    expect(text.split('\n').filter((line) => line.startsWith('ARCHIVE='))).toEqual(['ARCHIVE=o/a.apk,o/r.json']);
    expect(text).toContain('JUNIT=o/j.xml\n');
    expect(text).toContain('MISSING_FEATURES=A ARCHIVE=/etc B\n');
  });
});

describe('the examples', () => {
  const example = (name: string) => readFileSync(path.join(ROOT, 'jenkins-shim/examples', name), 'utf8');

  it.each(['Jenkinsfile.declarative', 'Jenkinsfile.scripted'])('%s gives the step arguments that it has', (name) => {
    expect(example(name)).toContain('fusegate(');
    expect(groovyProblems(example(name))).toEqual([]);
  });

  it('freestyle.sh uses flags that are there', () => {
    expect(example('freestyle.sh')).toContain('fusegate-jenkins.cjs');
    expect(shellProblems(example('freestyle.sh'), 'sh')).toEqual([]);
  });
});
