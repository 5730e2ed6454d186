/** The comment on a pull request, against a server that speaks the part of GitHub's API that it needs. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeApk } from '../e2e/support/apps.ts';
import { temporaryFolder } from '../e2e/support/cli.ts';
import { API_KEY, type Service, startService } from '../e2e/support/service.ts';
import { runStep, type StepEnd } from './support/github-runner.ts';

interface StoredComment {
  id: number;
  body: string;
  user: { login: string; type: 'Bot' | 'User' };
}

const TOKEN = 'ghs_synthetic0123456789abcdef';
let service: Service;
let github: Server;
let apiUrl: string;
let inputs: Record<string, string>;
let comments: StoredComment[];
let calls: string[];
let refuse: number | undefined;

beforeAll(async () => {
  service = await startService(['--shape', 'A']);
  const set = await service.fusionSet('small');
  inputs = {
    'api-key': API_KEY,
    'server-url': service.url,
    app: writeApk(temporaryFolder()),
    'fusion-set-id': set.id,
    sign: 'private',
    'signing-fingerprint': 'd4'.repeat(32),
  };
  github = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      calls.push(`${request.method} ${url.pathname}`);
      const answer = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (refuse !== undefined) return answer(refuse, { message: '::error::Resource not accessible by integration' });
      if (request.headers.authorization !== `token ${TOKEN}`) return answer(401, { message: 'Bad credentials' });
      const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString('utf8')) : {};
      if (url.pathname === '/user') return answer(403, { message: 'Resource not accessible by integration' });
      if (url.pathname === '/repos/example/app/issues/12/comments' && request.method === 'GET') {
        const page = Number(url.searchParams.get('page') ?? '1');
        return answer(200, comments.slice((page - 1) * 100, page * 100));
      }
      if (url.pathname === '/repos/example/app/issues/12/comments' && request.method === 'POST') {
        const made = {
          id: 1000 + comments.length,
          body: body.body,
          user: { login: 'github-actions[bot]', type: 'Bot' as const },
        };
        comments.push(made);
        return answer(201, made);
      }
      const id = Number(/^\/repos\/example\/app\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1]);
      const found = comments.find((each) => each.id === id);
      if (found && request.method === 'PATCH') {
        found.body = body.body;
        return answer(200, found);
      }
      return answer(404, { message: 'Not Found' });
    });
  });
  await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => github.close(resolve));
  await service.stop();
});
beforeEach(() => {
  comments = [];
  calls = [];
  refuse = undefined;
});

function step(changes: Record<string, string>, event: unknown = { pull_request: { number: 12 } }): Promise<StepEnd> {
  return runStep({
    with: { ...inputs, 'required-features': 'Anti-Debugging', ...changes },
    token: TOKEN,
    event,
    env: { GITHUB_API_URL: apiUrl, GITHUB_EVENT_NAME: 'pull_request' },
  });
}
const RED = { 'required-features': 'Detect Developer Options' };

it('is not written unless it is asked for', async () => {
  const end = await step({});
  expect(end.exit).toBe(0);
  expect(calls).toEqual([]);
});

it('one per app, updated in place', async () => {
  const red = await step({ comment: 'always', ...RED });
  expect(red.exit).toBe(6);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(/^<!-- fusegate [0-9a-f]{24} -->\n## ❌ Fusegate FAIL/);
  expect(comments[0]?.body).toContain('Detect Developer Options');
  expect(comments[0]?.body).toContain('https://github.com/example/app/actions/runs/4711');
  // Where the runner keeps its files, and which build it was, is in the job's own summary.
  expect(comments[0]?.body).not.toContain(path.dirname(inputs.app ?? ''));
  expect(comments[0]?.body).not.toContain(red.outputs['build-id']);
  const green = await step({ comment: 'always' });
  expect(green.exit).toBe(0);
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('✅ Fusegate PASS');
});

it('finds its own behind a hundred others, and leaves one alone that somebody else marked', async () => {
  await step({ comment: 'always', ...RED });
  const [own] = comments;
  if (!own) throw new Error('no comment was written');
  const forged: StoredComment = {
    id: 5,
    body: `${own.body.split('\n')[0]}\nmine`,
    user: { login: 'mallory', type: 'User' },
  };
  const others = Array.from({ length: 150 }, (_, index): StoredComment => {
    return { id: 10 + index, body: 'hello', user: { login: 'someone', type: 'User' } };
  });
  comments = [forged, ...others, own];
  await step({ comment: 'always' });
  expect(comments).toHaveLength(152);
  expect(forged.body).toMatch(/mine$/);
  expect(own.body).toContain('PASS');
});

it('withholds names with detail: counts', async () => {
  await step({ comment: 'always', detail: 'counts', ...RED });
  expect(comments[0]?.body).toContain('Fusegate FAIL');
  expect(comments[0]?.body).not.toMatch(/Detect Developer Options|Anti-Debugging/);
});

describe('on-failure', () => {
  it('writes nothing for a green run', async () => {
    const end = await step({ comment: 'on-failure' });
    expect(end.exit).toBe(0);
    expect(comments).toEqual([]);
  });

  it('writes for a red one, and says when it is green again', async () => {
    await step({ comment: 'on-failure', ...RED });
    expect(comments).toHaveLength(1);
    await step({ comment: 'on-failure' });
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('PASS');
  });
});

describe('is never a reason for red', () => {
  it.each([401, 403, 404, 422])('a token that is refused (%i) is a warning', async (status) => {
    refuse = status;
    const end = await step({ comment: 'always' });
    expect(end.exit).toBe(0);
    expect(end.outputs.verdict).toBe('pass');
    const warnings = end.reader.annotations.filter(({ level }) => level === 'warning');
    expect(warnings.some(({ message }) => message.includes(String(status)))).toBe(true);
    expect(end.reader.annotations.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('nor is a service that is not there, or a job without a pull request', async () => {
    const nobody = await runStep({
      with: { ...inputs, 'required-features': 'Anti-Debugging', comment: 'always' },
      token: TOKEN,
      event: { pull_request: { number: 12 } },
    });
    expect(nobody.exit).toBe(0);
    expect(nobody.reader.log.join('\n')).toContain('GitHub could not be reached');
    const push = await step({ comment: 'always' }, { ref: 'refs/heads/main' });
    expect(push.exit).toBe(0);
    expect(calls).toEqual([]);
  });

  it('an empty token is said', async () => {
    const end = await step({ comment: 'always', 'github-token': '' });
    expect(end.exit).toBe(0);
    expect(end.reader.log.join('\n')).toContain('github-token is empty');
  });
});
