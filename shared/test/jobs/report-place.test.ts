import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportPlace } from '../../src/jobs/report-place.ts';
import { redResult } from '../report/sample-results.ts';
import { temporaryFolder } from '../support/folder.ts';

/** A repository with these files, and a job in its folder `mobile`. */
async function repository(...files: string[]) {
  const root = await temporaryFolder();
  const cwd = path.join(root, 'mobile');
  await mkdir(path.join(root, '.git'), { recursive: true });
  await mkdir(cwd, { recursive: true });
  for (const file of files) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), '');
  }
  const place = async (policy: string | undefined, app: string | undefined, jobFile?: string) => {
    const result = redResult();
    const { path: _, ...noPolicy } = result.policy;
    const found = await reportPlace(
      {
        policy: policy === undefined ? noPolicy : { ...noPolicy, path: policy },
        app: result.app && { ...result.app, path: app ?? '/elsewhere/app.apk' },
      },
      { root: cwd, jobFile },
      path.join(cwd, 'fusegate-output/app'),
    );
    expect(found).toMatchObject({ root, cwd });
    return found.file && path.relative(root, found.file);
  };
  return { root, cwd, place };
}

describe('the file that reports point at', () => {
  it('is the policy, from the folder of the job', async () => {
    const { place } = await repository('mobile/fusegate.yml', 'Jenkinsfile');
    expect(await place('fusegate.yml', undefined, 'Jenkinsfile')).toBe(path.join('mobile', 'fusegate.yml'));
  });

  it('is the file of the job, from the folder of the repository, if the policy is elsewhere or there is none', async () => {
    const { place } = await repository('Jenkinsfile', 'mobile/app.apk');
    for (const policy of [undefined, '../../policy.yml', '/etc/policy.yml', 'gone.yml']) {
      expect(await place(policy, 'app.apk', 'Jenkinsfile')).toBe('Jenkinsfile');
    }
  });

  it('is the app, if the job is defined elsewhere', async () => {
    const { place } = await repository('mobile/app.apk', '.github/workflows/a.yml');
    for (const file of [undefined, 'azure-pipelines.yml', '.github/workflows', '../x.yml', 'ci.yml@acme/ci']) {
      expect(await place(undefined, 'app.apk', file)).toBe(path.join('mobile', 'app.apk'));
    }
  });

  it('is the result of the run, if there is nothing else', async () => {
    const result = path.join('mobile', 'fusegate-output', 'app', 'fusegate-result.json');
    const { place } = await repository(result);
    expect(await place(undefined, undefined)).toBe(result);
  });

  it('is a file at the root, if the run has no other in the repository: the README, else the first by name', async () => {
    const { place } = await repository('A.txt', 'README.md', '.github/workflows/a.yml');
    expect(await place(undefined, undefined)).toBe('README.md');
    const other = await repository('b.txt', 'A.txt', 'docs/README.md');
    expect(await other.place(undefined, undefined)).toBe('A.txt');
  });

  it('is none in a repository without files', async () => {
    const { place } = await repository();
    expect(await place(undefined, undefined)).toBeUndefined();
  });

  it('is below the folder of the job where Git keeps none', async () => {
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'app.apk'), '');
    const result = redResult();
    const app = result.app && { ...result.app, path: 'app.apk' };
    const found = await reportPlace({ policy: result.policy, app }, { root: cwd }, path.join(cwd, 'out'));
    expect(found).toMatchObject({ root: cwd, file: path.join(cwd, 'app.apk') });
  });
});
