/**
 * The comment on the pull request: one per app, found again by a hidden mark and updated in place. Whatever goes wrong here is a
 * warning: a comment proves nothing, so it cannot make a run red.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Environment } from '@fusegate/shared/model/host';
import type { FusegateResult } from '@fusegate/shared/model/result';
import type { CommentRequest } from '@fusegate/shared/model/run-request';
import { type CommentOptions, renderComment } from '@fusegate/shared/report/comment';
import { followableUrl } from '@fusegate/shared/text/untrusted-text';

const REQUEST_MS = 15_000;
/** Comments that are looked at: pages of 100. Nobody scrolls further, and each page is a request. */
const MOST_PAGES = 10;

/** The app as one line of any length may name it; hashed, so that no name can close the HTML comment. */
function commentMark(result: FusegateResult): string {
  const app = result.app?.bundleId ?? result.app?.path?.split(/[\\/]/).at(-1) ?? result.ids.appId ?? result.mode;
  const platform = result.app?.platform ?? '';
  return `<!-- fusegate ${createHash('sha256').update(`${platform} ${app}`).digest('hex').slice(0, 24)} -->`;
}

function commentBody(result: FusegateResult, options: CommentOptions): string {
  const mark = commentMark(result);
  const url = followableUrl(result.ci.runUrl ?? '');
  const run = url === undefined ? '' : `\n<sub>[The run that says so](<${url}>)</sub>\n`;
  return `${mark}\n${renderComment(result, options)}${run}`;
}

/** @returns the number of the pull request that this job is about, where there is one */
async function pullRequestNumber(environment: Environment): Promise<number | undefined> {
  try {
    const event = JSON.parse(await readFile(environment.GITHUB_EVENT_PATH ?? '', 'utf8'));
    const number = event.pull_request?.number ?? (event.issue?.pull_request ? event.issue.number : undefined);
    return Number.isSafeInteger(number) && number > 0 ? number : undefined;
  } catch {
    return undefined;
  }
}

type Octokit = ReturnType<typeof import('@actions/github').getOctokit>;

interface PullRequest {
  owner: string;
  repo: string;
  issue_number: number;
}

/**
 * The comment that an earlier run left. Anybody can write the mark into a comment of their own, so only one by an app's account (as
 * the job's token has) or by the token's own user is taken.
 */
async function findComment(octokit: Octokit, pullRequest: PullRequest, mark: string): Promise<number | undefined> {
  let self: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { data } = await octokit.rest.issues.listComments({ ...pullRequest, per_page: 100, page });
    for (const { id, body, user } of data) {
      if (!body?.startsWith(mark)) continue;
      if (user?.type === 'Bot') return id;
      self ??= await octokit.rest.users
        .getAuthenticated()
        .then((answer) => answer.data.login)
        .catch(() => '');
      if (self !== '' && user?.login === self) return id;
    }
    if (data.length < 100) return undefined;
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  const { status, response } = error as { status?: unknown; response?: unknown };
  // Octokit calls it status 500 when nobody answered.
  if (response === undefined) return 'GitHub could not be reached';
  if (status === 401) return 'the token was not accepted (401)';
  if (status === 403 || status === 404) {
    return `the token may not comment (${status}); the job needs the permission pull-requests: write, which forks do not get`;
  }
  return `GitHub answered ${String(status)}`;
}

export async function comment(
  { when, token }: CommentRequest,
  result: FusegateResult,
  options: CommentOptions,
  environment: Environment,
  cancelled: AbortSignal,
): Promise<{ level: 'info' | 'warning'; text: string }> {
  const number = await pullRequestNumber(environment);
  const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  if (number === undefined || !owner || !repo) {
    return { level: 'info', text: 'No comment: this job is not about a pull request.' };
  }
  if (token === undefined) return { level: 'warning', text: 'No comment: github-token is empty.' };
  try {
    // Octokit's requests are not ours, and would send the token to anybody.
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    const { getOctokit } = await import('@actions/github');
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(REQUEST_MS)]);
    const octokit = getOctokit(token.reveal(), { request: { signal } });
    const pullRequest = { owner, repo, issue_number: number };
    const existing = await findComment(octokit, pullRequest, commentMark(result));
    const green = result.exitCode === 0;
    if (existing === undefined && when === 'on-failure' && green) {
      return { level: 'info', text: 'No comment: the run is green.' };
    }
    const body = commentBody(result, options);
    if (existing === undefined) await octokit.rest.issues.createComment({ ...pullRequest, body });
    else await octokit.rest.issues.updateComment({ owner, repo, comment_id: existing, body });
    const done = existing === undefined ? 'written' : 'brought up to date';
    return { level: 'info', text: `The comment on pull request ${number} is ${done}.` };
  } catch (error) {
    return { level: 'warning', text: `No comment on the pull request: ${reasonOf(error)}.` };
  }
}
