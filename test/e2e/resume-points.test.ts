/**
 * A run that is ended at any point of its journal, and run again: one build, no matter where, and what the run would have brought. The
 * signal comes from inside the process (support/strike.cjs), so every point is hit exactly.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOURNAL_STAGES, type JournalStage } from '@fusegate/shared/pipeline/journal-record';
import { afterAll, beforeAll, describe, type ExpectStatic, it } from 'vitest';
import type { CliEnd } from './support/cli.ts';
import { sha256Of } from './support/received.ts';
import { API_KEY, type Service, startService } from './support/service.ts';
import { ACTIONS, type Build, SIGNING, wholeJob, workplace } from './support/signed-job.ts';
import { COMPILED_ONCE } from './support/test-time.ts';

const STRIKE = fileURLToPath(new URL('./support/strike.cjs', import.meta.url));
let service: Service;
let job: string[];

beforeAll(async () => {
  service = await startService();
  job = [...(await wholeJob(service)), '--second-output', '--deobfuscation-map'];
});
const count = { killed: 0, attached: 0 };
afterAll(async () => {
  await service.stop();
  const total = count.killed + count.attached;
  console.log(
    `resume points: ${total}, ${count.killed} of them run again and ${count.attached} by build-id, one build each`,
  );
});

/** One job on one machine, run as often as a test likes. */
function struckWorkplace() {
  const place = workplace(service, service.url);
  const run = (words: readonly string[], strike?: string): Promise<CliEnd> =>
    place.run(
      words,
      strike === undefined ? {} : { env: { STRIKE: strike, NODE_OPTIONS: `${COMPILED_ONCE} --require=${STRIKE}` } },
    );
  const journal = (): { stage?: JournalStage } => {
    try {
      return JSON.parse(readFileSync(path.join(place.dir, 'private', 'fusegate-journal.json'), 'utf8'));
    } catch {
      return {};
    }
  };
  return { ...place, run, journal };
}

const NONE = { id: '', teamId: '' };

/** Each file that the service hands out for the build lies in the output folder, byte for byte. */
async function expectItsOutputs(
  { result }: CliEnd,
  { id, teamId }: Pick<Build, 'id' | 'teamId'>,
  expect: ExpectStatic,
): Promise<void> {
  const headers = { Authorization: API_KEY };
  const served = {
    'protected-app': 'output?',
    'second-output': 'output?action=sign_second_output&',
    'deobfuscation-map': 'output?action=deobfuscation_script&',
    'certificate-pdf': 'certificate?',
    'certificate-json': 'certificate-json?',
  };
  for (const [role, address] of Object.entries(served)) {
    const answer = await fetch(`${service.url}/api/v1/tasks/${id}/${address}team_id=${teamId}`, { headers });
    expect(answer.status, role).toBe(200);
    const sha256 = createHash('sha256').update(Buffer.from(await answer.arrayBuffer()));
    const file = result?.files.find((each) => each.role === role);
    expect(sha256Of(file?.path ?? ''), role).toBe(sha256.digest('hex'));
  }
}

/** Every stage is written once in a run with a new context and a signing. */
const points = JOURNAL_STAGES.map((stage, index) => ({ stage, write: index + 1 }));

describe.concurrent('killed, and run again', () => {
  it.for(points)('after $stage', async ({ stage, write }, { expect }) => {
    const { run, builds, keys, journal } = struckWorkplace();
    const killed = await run(job, `SIGKILL after ${write} fusegate-journal.json`);
    expect(killed.exit).toBeNull();
    expect(journal().stage).toBe(stage);
    // A run that has its outcome has removed them already.
    expect(keys()).toHaveLength(stage === 'finished' ? 0 : 1);

    let again = await run(stage === 'finished' ? [...job, '--resume', 'never'] : job);
    if (stage === 'build-intent') {
      expect(again.exit).toBe(4);
      expect(again.result?.findings[0]?.code).toBe('build.may-exist');
      again = await run([...job, '--resume', 'new']);
    }
    expect(again.exit).toBe(0);
    expect(keys()).toEqual([]);
    // The outcome was on disk already, so another run is a new one.
    if (stage === 'finished') {
      expect(killed.result?.verdict).toBe('pass');
      return;
    }
    const [build, ...others] = await builds();
    expect(others).toEqual([]);
    expect(build?.stages.map(({ action }) => action)).toEqual(ACTIONS);
    await expectItsOutputs(again, build ?? NONE, expect);
    expect(again.result?.ids.buildId).toBe(build?.id);
    expect(journal().stage).toBe('finished');
    count.killed += 1;
  });

  it.for([
    ['the certificate was written', 'after 1 certificate.pdf'],
    ['the app was placed', 'after 1 rehearsal.aab'],
    ['the report was written', 'before 1 fusegate-report.html'],
    ['the result was written', 'before 2 fusegate-result.json'],
  ] as const)('when %s', async ([, strike], { expect }) => {
    const { run, builds } = struckWorkplace();
    const killed = await run(job, `SIGKILL ${strike}`);
    expect(killed.exit).toBeNull();
    expect(killed.result).toMatchObject({ verdict: 'error', exitCode: 8 });
    const again = await run(job);
    expect(again.exit).toBe(0);
    const [build, ...others] = await builds();
    expect(others).toEqual([]);
    expect(build?.stages.map(({ action }) => action)).toEqual(ACTIONS);
    await expectItsOutputs(again, build ?? NONE, expect);
    count.killed += 1;
  });
});

describe.concurrent('killed, and gone on with by the build id on an empty disk', () => {
  const started = points.filter(({ write }) => write > JOURNAL_STAGES.indexOf('building'));
  it.for(started)('after $stage', async ({ write }, { expect }) => {
    const { dir, run, builds } = struckWorkplace();
    await run(job, `SIGKILL after ${write} fusegate-journal.json`);
    const [{ id } = { id: '' }] = await builds();
    rmSync(dir, { recursive: true });
    const again = await run(['run', '--build-id', id, '--platform', 'android', ...SIGNING]);
    expect(again.exit).toBe(0);
    const [build, ...others] = await builds();
    expect(others).toEqual([]);
    // What cannot be known is done again, and in its order.
    expect(build?.stages.slice(-2).map(({ action }) => action)).toEqual(ACTIONS.slice(1));
    expect(again.result?.binding).toMatchObject({ level: 'file', sha256: build?.output?.sha256 });
    count.attached += 1;
  });

  it('settles a build whose answer was lost', async ({ expect }) => {
    const { run, builds, journal, dir } = struckWorkplace();
    await run(job, 'SIGKILL after 3 fusegate-journal.json');
    const [{ id } = { id: '' }] = await builds();
    const file = path.join(dir, 'private', 'fusegate-journal.json');
    const { ids: _ids, ...record } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...record, stage: 'build-intent', ids: {} }));
    expect((await run(job)).exit).toBe(4);
    expect((await run(['run', '--build-id', id, '--platform', 'android', ...SIGNING])).exit).toBe(0);
    expect(journal().stage).toBe('finished');
    expect((await run(job)).exit).toBe(0);
    expect(await builds()).toHaveLength(2);
  });
});

describe.concurrent('cancelled', () => {
  const moments = [
    ['after the upload', 'after 1 fusegate-journal.json', false],
    ['while it builds', 'after 3 fusegate-journal.json', true],
    ['while it signs', 'after 9 fusegate-journal.json', true],
    ['while the app comes', 'after 10 fusegate-journal.json', true],
    ['while the certificate is judged', 'after 1 certificate.pdf', true],
  ] as const;
  const cases = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const).flatMap((signal) =>
    moments.map(([when, strike, built]) => ({ signal, when, strike, built })),
  );
  it.for(cases)('by $signal $when', async ({ signal, strike, built }, { expect }) => {
    const { run, builds, keys } = struckWorkplace();
    const end = await run(job, `${signal} ${strike}`);
    expect(end.exit).toBe(130);
    expect(end.result).toMatchObject({ verdict: 'error', exitCode: 130 });
    expect(end.result?.finishedAt).not.toBeNull();
    expect(keys()).toEqual([]);
    const [build] = await builds();
    expect(build !== undefined).toBe(built);
    if (build !== undefined) expect(end.stdout).toContain(`run --build-id ${build.id}`);
    expect(readdirSync(end.dir)).not.toContain('.fusegate.lock');
  });
});

describe('two runs in one folder', () => {
  it('the later one says who is there, and sends nothing', async ({ expect }) => {
    const { run, builds } = struckWorkplace();
    const ends = await Promise.all([run(job), run(job)]);
    expect(ends.map(({ exit }) => exit).sort()).toEqual([0, 2]);
    const refused = ends.find(({ exit }) => exit === 2);
    expect(`${refused?.stdout}${refused?.stderr}`).toMatch(/process \d+ on /);
    expect(await builds()).toHaveLength(1);
  });
});
