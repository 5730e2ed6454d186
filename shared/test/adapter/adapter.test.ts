/** What every plugin shares around a run: its inputs, what it publishes, and an end in every case. */

import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { declaredInputs } from '../../src/adapter/declared-inputs.ts';
import { PlainLogHost } from '../../src/adapter/plain-log-host.ts';
import { publishedFiles } from '../../src/adapter/published-files.ts';
import { type AdapterIo, runAdapter } from '../../src/adapter/run-adapter.ts';
import { OUTPUT_NAMES, type OutputName } from '../../src/model/host.ts';
import { AZURE } from '../../src/options/systems/azure.ts';
import { BITRISE } from '../../src/options/systems/bitrise.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

const run = vi.hoisted(() => vi.fn());
vi.mock('../../src/jobs/run-job.ts', async (original) => ({ ...(await original<object>()), runJob: run }));
beforeEach(() => {
  run.mockReset();
});

describe('inputs that a system hands over set or not', () => {
  it('drops the empty ones but a secret that a job cannot do without', () => {
    const given: Record<string, string> = {
      app: 'a.apk',
      api_key: '',
      key_password: '',
      keystore_password: ' ',
      gate: '',
    };
    expect(declaredInputs(BITRISE, (name) => given[name])).toEqual([
      { name: 'api_key', value: '' },
      { name: 'app', value: 'a.apk' },
      { name: 'keystore_password', value: '' },
    ]);
  });

  it('asks for each name once where a system ignores case', () => {
    const asked: string[] = [];
    declaredInputs(AZURE, (name) => {
      asked.push(name.toLowerCase());
      return undefined;
    });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toEqual(expect.arrayContaining(['apikey', 'token', 'fusionsetid']));
  });
});

describe('what is published', () => {
  const outputs = new Map<OutputName, string>([
    ['protected-app', '/o/app.apk'],
    ['rejected-app', '/o/rejected/app.apk'],
    ['second-output', ''],
    ['deobfuscation-map', '/o/private/deobfuscation.zip'],
    ['certificate-pdf', '/o/private/certificate.pdf'],
    ['certificate-json', '/o/private/certificate.json'],
    ['result', '/o/fusegate-result.json'],
    ['report-html', '/o/fusegate-report.html'],
  ]);

  it('names files, and never what is private or held back', () => {
    const files = publishedFiles(outputs, ['/o/fusegate-junit.xml', '/o/fusegate-report.html'], ['reports', 'app']);
    expect(files).toEqual({
      reports: ['/o/fusegate-result.json', '/o/fusegate-report.html', '/o/fusegate-junit.xml'],
      app: ['/o/app.apk'],
      certificate: [],
    });
    const all = publishedFiles(outputs, [], ['certificate']);
    expect(all).toEqual({
      reports: [],
      app: [],
      certificate: ['/o/private/certificate.pdf', '/o/private/certificate.json'],
    });
  });
});

class RecordingHost extends PlainLogHost {
  readonly lines: string[];
  readonly failures: Array<[string, number]> = [];
  readonly summaries: string[] = [];
  /** How many outputs were set when the run was failed. */
  outputsAtFailure = 0;

  constructor() {
    const lines: string[] = [];
    super({ write: (text: string) => lines.push(text) });
    this.lines = lines;
  }

  override async summary(markdown: string): Promise<void> {
    this.summaries.push(markdown);
  }

  override fail(message: string, exitCode: number): void {
    this.outputsAtFailure = this.outputs.size;
    this.failures.push([message, exitCode]);
  }
}

const io = async (): Promise<AdapterIo> => ({
  system: BITRISE,
  environment: {},
  cwd: await temporaryFolder(),
  clock: new FakeClock(),
  random: () => 0,
  signal: new AbortController().signal,
});

describe('a run of an adapter', () => {
  it('whose inputs are wrong sets every output, says everything, and fails last', async () => {
    const host = new RecordingHost();
    const end = await runAdapter({ inputs: [{ name: 'timeout', value: '55' }] }, host, await io());
    expect(end.exitCode).toBe(2);
    expect(run).not.toHaveBeenCalled();
    expect([...host.outputs.keys()].sort()).toEqual([...OUTPUT_NAMES].sort());
    expect(host.outputs.get('verdict')).toBe('error');
    expect(host.outputsAtFailure).toBe(OUTPUT_NAMES.length);
    expect(host.failures).toEqual([[expect.stringContaining('timeout "55"'), 2]]);
    for (const text of [host.lines.join(''), host.summaries.join('')]) {
      expect(text).toContain('timeout');
      expect(text).toContain('app is missing');
    }
  });

  it('writes a result where it is certain which folder was meant, below the base that the system has', async () => {
    const host = new RecordingHost();
    const place = await io();
    const base = path.join(place.cwd, 'staging');
    const inputs = [
      { name: 'mode', value: 'gate' },
      { name: 'output_dir', value: path.join(base, 'out') },
    ];
    const end = await runAdapter({ inputs }, host, { ...place, outputBase: base });
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 2 });
    expect(host.outputs.get('result')).toBe(path.join(base, 'out', 'fusegate-result.json'));
  });

  it('has a host of its own where that depends on the options, closed before the end is told', async () => {
    const told: string[] = [];
    run.mockRejectedValue(new Error('broke'));
    const first = new PlainLogHost({ write: (text) => told.push(text) });
    const ofJob = Object.assign(new PlainLogHost({ write: () => {} }), { close: () => told.push('closed') });
    const inputs = [
      { name: 'mode', value: 'gate' },
      { name: 'certificate', value: 'missing.pdf' },
      { name: 'required-features', value: 'Root Detection' },
    ];
    const hostOf = vi.fn(() => ofJob);
    const place = { ...(await io()), system: CLI, hostOf, furtherHelp: 'Help: --help' };
    await runAdapter({ inputs }, first, place);
    expect(hostOf).not.toHaveBeenCalled();
    expect(told.splice(0).join('')).toMatch(
      /^One problem with the options:\n.*missing\.pdf.*\n.*\n.*errors\.md#usage-invalid\nHelp: --help\n$/,
    );

    const build = { name: 'build-id', value: '2f470e80-631e-11f0-811d-012fa289ddab' };
    const environment = { APPDOME_API_KEY: 'key-7Kq9x-secret' };
    const asked = inputs.map((each) => (each.name === 'certificate' ? build : each));
    expect(await runAdapter({ inputs: asked }, first, { ...place, environment })).toMatchObject({ exitCode: 8 });
    expect(told[0]).toBe('closed');
    expect(told.slice(1).join('')).toMatch(/^Unexpected: broke .*\n.*Run again with --verbose/);
  });

  it('that breaks is red, and the secret in the message is masked', async () => {
    run.mockImplementation(async () => {
      throw new Error('broke on key-7Kq9x-secret');
    });
    const host = new RecordingHost();
    const inputs = [
      { name: 'mode', value: 'gate' },
      { name: 'build_id', value: '2f470e80-631e-11f0-811d-012fa289ddab' },
      { name: 'api_key', value: 'key-7Kq9x-secret' },
      { name: 'required_features', value: 'Root Detection' },
    ];
    const end = await runAdapter({ inputs }, host, await io());
    expect(end.exitCode).toBe(8);
    expect(host.outputs.get('verdict')).toBe('error');
    expect(host.failures).toEqual([['Unexpected: broke on ***', 8]]);
    expect(host.lines.join('')).not.toContain('7Kq9x');
  });

  it('refuses `publish: none` beside something else', async () => {
    const host = new RecordingHost();
    await runAdapter({ inputs: [{ name: 'publish', value: 'none|app' }] }, host, await io());
    expect(host.lines.join('')).toContain('publish combines none with something else');
  });
});
