/** Whose results a deploy job trusts may come from a variable that nobody sees in the job, so its output names that variable. */
import { PlainLogHost } from '@fusegate/shared/adapter/plain-log-host';
import { runAdapter } from '@fusegate/shared/adapter/run-adapter';
import type { Environment } from '@fusegate/shared/model/host';
import { BITRISE } from '@fusegate/shared/options/systems/bitrise';
import { describe, expect, it } from 'vitest';
import { appWithResult } from '../../shared/test/support/app-with-result.ts';
import { FakeClock } from '../../shared/test/support/fake-clock.ts';
import { temporaryFolder } from '../../shared/test/support/folder.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

const SERVER = 'https://appdome.example.com';

type Deploy = (
  files: { app: string; result: string },
  environment: Environment,
  cwd: string,
) => Promise<{ exit: number; said: string }>;

const SYSTEMS: Record<string, Deploy> = {
  async CLI({ app, result }, environment, cwd) {
    const io = fakeIo({ cwd, clock: new FakeClock(), environment });
    const exit = await runCommandLine(['verify', '--app', app, '--result', result], io);
    return { exit, said: io.stdout.text };
  },
  async Bitrise(files, environment, cwd) {
    let said = '';
    const host = new PlainLogHost({
      write: (text) => {
        said += text;
      },
    });
    const inputs = Object.entries({ mode: 'verify', ...files }).map(([name, value]) => ({ name, value }));
    const { exitCode } = await runAdapter({ inputs }, host, {
      system: BITRISE,
      environment,
      cwd,
      clock: new FakeClock(),
      random: () => 0.5,
      signal: new AbortController().signal,
    });
    return { exit: exitCode, said };
  },
};

describe.each(Object.entries(SYSTEMS))('%s', (_, deploy) => {
  it.each([
    ['FUSEGATE_SERVER_URL', SERVER, { server: SERVER }],
    ['APPDOME_SERVER_BASE_URL', SERVER, { server: SERVER }],
    ['FUSEGATE_REHEARSAL', 'true', { server: 'http://127.0.0.1:8080', rehearsal: true }],
  ])('names %s, which says whose results are trusted', async (variable, value, result) => {
    const cwd = await temporaryFolder();
    const { exit, said } = await deploy(await appWithResult(cwd, result), { [variable]: value }, cwd);
    expect(said).toMatch(/Fusegate (?:REHEARSAL )?VERIFIED/);
    expect(said).toMatch(new RegExp(`^Trusted: .* set by the environment variable ${variable}$`, 'm'));
    expect(exit).toBe(0);
  });

  it('names it to a deploy job that fails because of it, too', async () => {
    const cwd = await temporaryFolder();
    const { exit, said } = await deploy(await appWithResult(cwd), { FUSEGATE_SERVER_URL: SERVER }, cwd);
    expect(said).toMatch(/^Trusted: .*FUSEGATE_SERVER_URL$/m);
    expect(exit).toBe(8);
  });
});
