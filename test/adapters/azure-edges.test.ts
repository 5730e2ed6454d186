/** What only the Azure task decides, as functions: the agent's network, what a publish leaves out, a retry of a task. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkVariables, noProxyHosts } from '../../azure-task/src/agent-network.ts';
import { artifactIgnore } from '../../azure-task/src/artifact-ignore.ts';
import { secureFileUrl } from '../../azure-task/src/download-secure-file.ts';
import { buildOfEarlierTry, leaveMarker } from '../../azure-task/src/retry-marker.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { runTask } from './support/azure-agent.ts';
import { preloadWithoutFiles, UNCAUGHT } from './support/preload.ts';

describe("the agent's bypass list as NO_PROXY", () => {
  it.each([
    ['fusion\\.example\\.com', ['fusion.example.com']],
    ['https?://build\\.corp\\.example', ['build.corp.example']],
    ['https:\\/\\/build\\.corp\\.example\\/.*', ['build.corp.example']],
    ['^http://intranet$', ['intranet']],
    ['.*\\.corp\\.example$', ['.corp.example']],
    ['127\\.0\\.0\\.1', ['127.0.0.1']],
    ['[a-z]+\\.(dev|test)\\.example', []],
    ['.*', []],
  ])('%s', (pattern, hosts) => expect(noProxyHosts([pattern])).toEqual(hosts));
});

describe('the network of the agent', () => {
  const agent = { proxyUrl: 'http://u:p@proxy:8080', bypass: ['a\\.example'], caFile: '/ca.pem' };

  it('counts where nothing else is said', () => {
    expect(networkVariables(agent, {})).toEqual({
      FUSEGATE_PROXY: 'http://u:p@proxy:8080',
      NO_PROXY: 'a.example',
      FUSEGATE_CA_FILE: '/ca.pem',
    });
  });

  it.each(['FUSEGATE_PROXY', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('leaves %s alone', (name) => {
    expect(networkVariables(agent, { [name]: 'http://own' })).toEqual({ FUSEGATE_CA_FILE: '/ca.pem' });
  });

  it.each([
    ['http://proxy', 'http://proxy:80'],
    ['https://u:p%40@proxy.example/', 'https://u:p%40@proxy.example:443'],
    ['http://[::1]:3128', 'http://[::1]:3128'],
  ])('has the port that the agent means: %s', (proxyUrl, expected) => {
    expect(networkVariables({ proxyUrl }, {})).toEqual({ FUSEGATE_PROXY: expected });
  });

  it('leaves NO_PROXY and the CA file alone', () => {
    expect(networkVariables(agent, { no_proxy: 'x', FUSEGATE_CA_FILE: '/own.pem' })).toEqual({
      FUSEGATE_PROXY: agent.proxyUrl,
    });
    expect(networkVariables({}, {})).toEqual({});
  });
});

describe('what a publish of the output folder leaves out', () => {
  it.each([
    [
      ['reports', 'app'],
      ['**/rejected/**', '**/private/**'],
    ],
    [['app'], ['**/rejected/**', '**/private/**', '**/fusegate*']],
    [
      ['reports', 'app', 'certificate'],
      ['**/rejected/**', '**/private/**', '!**/private/certificate.pdf', '!**/private/certificate.json'],
    ],
  ] as const)('%s', (publish, expected) => {
    const lines = artifactIgnore(publish)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines).toEqual(expected);
  });

  it('everything, with nothing to publish', () => {
    expect(artifactIgnore([])).toContain('**/*.aab');
    expect(artifactIgnore([])).toContain('**/fusegate*');
  });
});

describe('a retry of a task', () => {
  const buildId = '2f470e80-631e-11f0-811d-012fa289ddab';
  const here = { SYSTEM_TASKINSTANCEID: 'instance', SYSTEM_JOBID: 'job' };

  it.each([6, 8] as const)('goes on with the build of a try that ended %s', (exitCode) => {
    const dir = temporaryFolder();
    leaveMarker(here, dir, { exitCode, buildId });
    expect(buildOfEarlierTry(here, dir)).toBe(buildId);
    expect(buildOfEarlierTry({ ...here, SYSTEM_TASKINSTANCEID: 'another' }, dir)).toBeUndefined();
    expect(buildOfEarlierTry({ ...here, SYSTEM_JOBID: 'another' }, dir)).toBeUndefined();
  });

  it.each([0, 2, 3, 4, 5, 7, 130] as const)('begins anew, or by its journal, after %s', (exitCode) => {
    const dir = temporaryFolder();
    leaveMarker(here, dir, { exitCode, buildId });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('believes nothing else', () => {
    const dir = temporaryFolder();
    leaveMarker({}, dir, { exitCode: 6, buildId });
    expect(readdirSync(dir)).toEqual([]);
    leaveMarker(here, dir, { exitCode: 6, buildId });
    for (const text of ['', '{}', '{"buildId":"../x"}', '[]']) {
      writeFileSync(path.join(dir, readdirSync(dir)[0] ?? ''), text);
      expect(buildOfEarlierTry(here, dir)).toBeUndefined();
    }
  });
});

it('asks for a Secure file where Azure DevOps has it', () => {
  const place = { collection: 'https://dev.azure.com/org', project: 'My App', token: 't' };
  expect(secureFileUrl(place, { id: 'id-1', ticket: 'a&b', name: 'x' }).href).toBe(
    'https://dev.azure.com/org/My%20App/_apis/distributedtask/securefiles/id-1?ticket=a%26b&download=true',
  );
});

it.each(UNCAUGHT.ways)('an error that nothing catches, which %s, fails the task', async (_, meanwhile) => {
  const env = { NODE_OPTIONS: `--require=${preloadWithoutFiles(meanwhile)}` };
  expect((await runTask({ inputs: { app: 'x.apk' }, env })).complete).toBe('Failed');
});
