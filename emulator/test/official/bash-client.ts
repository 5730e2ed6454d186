/**
 * The request sequence of the official bash client, from the facts of appdome-api.md §1.3 to §1.9, §3 (SH). Own code. It reads JSON as
 * that client does, with patterns: an answer that is not compact, or has a key twice, breaks it.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ClientAborted, type OfficialJob, type OfficialOutcome } from './job.ts';
import { breathe, multipart, send, type WireAnswer, type WirePart } from './wire.ts';

/** Vendors as its user writes them, any case (§3.7). */
export const BASH_VENDORS = [
  'aws_device_farm',
  'bitbar',
  'browserstack',
  'firebase',
  'katalon',
  'kobiton',
  'lambdatest',
  'perfecto',
  'saucelabs',
  'tosca',
];

/** curl waits for "100 Continue" before bodies of this size. */
const EXPECT_SIZE = 1024 * 1024;

export class BashClient {
  readonly base: string;
  readonly token: string;
  /** The literal `personal` when none is given (§1.4). */
  readonly team: string;

  constructor(serverBaseUrl: string, token: string, team = 'personal') {
    this.base = `${serverBaseUrl.replace(/\/$/, '')}/api/v1`;
    this.token = token;
    this.team = team;
  }

  async run(job: OfficialJob, skipChecksum = false): Promise<OfficialOutcome> {
    const known = skipChecksum ? undefined : await this.checkByChecksum(job.app);
    const appId = known ?? (job.directUpload === true ? await this.directUpload(job) : await this.upload(job));
    const buildId = await this.fuse(job, appId);
    const workflowLog: string[] = [];
    const wait = () => this.waitForTask(buildId, job.workflowLogs === true ? workflowLog : undefined);
    await wait();
    if (job.signing !== 'none') {
      await this.sign(job, buildId);
      await wait();
    }
    const output = await this.download(`/tasks/${buildId}/output`);
    const certificatePdf = await this.download(`/tasks/${buildId}/certificate`);
    const certificateJson = (await this.download(`/tasks/${buildId}/certificate-json`)).toString('utf8');
    const outcome: OfficialOutcome = { buildId, appId, output, certificatePdf, certificateJson, workflowLog };
    if (job.kind !== 'ipa' && job.kind !== 'zip') {
      const status = await this.status(buildId, '');
      if (status.includes('"obfuscationMapExists":true')) {
        const answer = await this.downloadAnswer(`/tasks/${buildId}/output`, '&action=deobfuscation_script');
        if (answer.status === 200) outcome.mapping = answer.body;
        else if (answer.status !== 404) throw new ClientAborted(`HTTP ${answer.status}`);
      }
    }
    if (job.secondOutput === true) {
      outcome.secondOutput = await this.download(`/tasks/${buildId}/output`, '&action=sign_second_output');
    }
    return outcome;
  }

  /** Falls back to an upload on anything but 200. */
  async checkByChecksum(app: Uint8Array): Promise<string | undefined> {
    const body = Buffer.from(`{"checksum":"${createHash('sha256').update(app).digest('hex')}"}`);
    const headers = { ...this.headers(), 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
    const answer = await send('POST', this.url('/apps/check-by-checksum'), headers, body);
    if (answer.status !== 200 || !answer.text.includes('"exists":true')) return undefined;
    return grepOne(answer.text, 'app_id');
  }

  async upload(job: OfficialJob): Promise<string> {
    const link = noError(await send('GET', this.url('/upload-link'), this.headers()));
    const url = grepOne(link.text, 'url');
    const fileId = grepOne(link.text, 'file_id');
    const put = await send(
      'PUT',
      url,
      {
        'User-Agent': CURL,
        Accept: '*/*',
        'Content-Type': 'application/x-compressed-tar',
        'Content-Length': String(job.app.length),
      },
      Buffer.from(job.app),
    );
    if (noError(put).text !== '') throw new ClientAborted('The answer to the PUT is not empty.');
    // No async: the answer comes after the analysis, and nothing is polled (§3.1c).
    const fields: WirePart[] = [
      { name: 'file_app_id', content: fileId },
      { name: 'file_name', content: basename(job.appPath) },
    ];
    return grepOne((await this.post(this.url('/upload-using-link'), fields)).text, 'id');
  }

  async directUpload(job: OfficialJob): Promise<string> {
    // The one call that has no team_id for the personal workspace.
    const url = this.team === 'personal' ? `${this.base}/upload` : this.url('/upload');
    const part = {
      name: 'file',
      fileName: basename(job.appPath),
      contentType: 'application/octet-stream',
      content: Buffer.from(job.app),
    };
    return grepOne((await this.post(url, [part])).text, 'id');
  }

  async fuse(job: OfficialJob, appId: string): Promise<string> {
    const overrides: Record<string, unknown> = {};
    // Booleans as texts (§1.8).
    if (job.buildLogs === true) overrides.extended_logs = 'true';
    if (job.buildToTest !== undefined) {
      if (!BASH_VENDORS.includes(job.buildToTest.toLowerCase()))
        throw new ClientAborted(`No vendor ${job.buildToTest}`);
      overrides.build_to_test_vendor = `AUTOMATION_${job.buildToTest.toUpperCase()}`;
    }
    const parts: WirePart[] = [
      { name: 'action', content: 'fuse' },
      { name: 'app_id', content: appId },
      { name: 'fusion_set_id', content: job.fusionSetId },
      // Always, `{}` when empty.
      { name: 'overrides', content: JSON.stringify(overrides) },
    ];
    for (const [host, file] of Object.entries(job.pinning ?? {})) {
      const name = `mitm_host_server_pinned_certs_list['${host}'].value.mitm_host_server_pinned_certs_file_content`;
      parts.push({ name, fileName: file, contentType: 'application/octet-stream', content: `certificate of ${host}` });
    }
    const path = job.buildToTest === undefined ? '/tasks' : '/build-to-test';
    return grepOne((await this.post(this.url(path), parts)).text, 'task_id');
  }

  async sign(job: OfficialJob, buildId: string): Promise<void> {
    const parts: WirePart[] = [
      { name: 'action', content: job.signing },
      { name: 'parent_task_id', content: buildId },
      // Quoted and escaped for curl, which takes both away: plain JSON on the wire (§1.8).
      { name: 'overrides', content: JSON.stringify(signOverrides(job)) },
      ...signFiles(job),
    ];
    await this.post(this.url('/tasks'), parts);
  }

  async waitForTask(taskId: string, log: string[] | undefined): Promise<void> {
    // Starts with "now" in UTC, without milliseconds (§3.12).
    let lastDate = `${new Date().toISOString().slice(0, 19)}Z`;
    for (let poll = 0; poll < 5000; poll += 1) {
      const body = await this.status(taskId, log === undefined ? '' : `&messages=true&lastDate=${lastDate}`);
      for (const [, text] of body.matchAll(/"text":"([^"]*)"/g)) log?.push(text ?? '');
      lastDate = [...body.matchAll(/"creation_time":"([^"]*)"/g)].at(-1)?.[1] ?? lastDate;
      const word = grepOne(body, 'status');
      if (word === 'completed') return;
      if (word !== 'progress') throw new ClientAborted(`Task failed: ${/"message":"([^"]*)"/.exec(body)?.[1]}`);
      await breathe();
    }
    throw new ClientAborted('never ends');
  }

  async validate(app: Uint8Array, appPath: string): Promise<{ message: string; buildId: string | undefined }> {
    const part = {
      name: 'file',
      fileName: basename(appPath),
      contentType: 'application/octet-stream',
      content: Buffer.from(app),
    };
    const id = grepOne((await this.post(`${this.base}/validation/upload`, [part])).text, 'id');
    for (let poll = 0; poll < 5000; poll += 1) {
      const body = noError(await send('GET', `${this.base}/validation/${id}/status`, this.headers())).text;
      const state = grepOne(body, 'validation_state');
      if (state === 'completed') {
        return { message: grepOne(body, 'message'), buildId: /"build_id":"([^"]*)"/.exec(body)?.[1] };
      }
      // `pending` is a failure to it (§1.7).
      if (state !== 'active') throw new ClientAborted(`Validation is ${state}`);
      await breathe();
    }
    throw new ClientAborted('never ends');
  }

  /** A JSON content type, and no body. */
  async release(fusionSetId: string, targetTeam: string): Promise<string> {
    const url = `${this.base}/release_fs/${fusionSetId}?team_id=${targetTeam}`;
    const answer = noError(await send('POST', url, { ...this.headers(), 'Content-Type': 'application/json' }));
    return grepOne(answer.text, 'new_fusion_set_id');
  }

  /** The call that lacks the client header (§1.3). */
  private async status(taskId: string, query: string): Promise<string> {
    const { 'X-Appdome-Client': _, ...headers } = this.headers();
    const answer = await send('GET', `${this.url(`/tasks/${taskId}/status`)}${query}`, headers);
    if (answer.status !== 200) throw new ClientAborted(`HTTP ${answer.status}`);
    return answer.text;
  }

  private async download(path: string, query = ''): Promise<Buffer> {
    const answer = await this.downloadAnswer(path, query);
    if (answer.status !== 200) throw new ClientAborted(`HTTP ${answer.status}`);
    return answer.body;
  }

  /** accept: application/json for everything, and a form's content type without boundary or body (§1.3). */
  private downloadAnswer(path: string, query: string): Promise<WireAnswer> {
    return send('GET', this.url(path) + query, { ...this.headers(), 'Content-Type': 'multipart/form-data' });
  }

  private async post(url: string, parts: WirePart[]): Promise<WireAnswer> {
    const { body, boundary } = multipart(parts, `------------------------${Date.now().toString(16).padStart(16, '0')}`);
    const expect: Record<string, string> = body.length > EXPECT_SIZE ? { Expect: '100-continue' } : {};
    const headers = {
      ...this.headers(),
      ...expect,
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(body.length),
    };
    return noError(await send('POST', url, headers, body));
  }

  private url(path: string): string {
    return `${this.base}${path}?team_id=${this.team}`;
  }

  private headers(): Record<string, string> {
    return {
      'User-Agent': CURL,
      accept: 'application/json',
      Authorization: this.token,
      'X-Appdome-Client': 'Appdome-cli-bash/1.0',
    };
  }
}

const CURL = 'curl/8.5.0';

/** Fails on the substring, wherever it stands, whatever the status (§1.6). */
function noError(answer: WireAnswer): WireAnswer {
  if (answer.text.includes('error')) throw new ClientAborted(answer.text);
  return answer;
}

/** `grep -o '"key":"[^"]*'`: more than one hit would be glued together. */
function grepOne(body: string, key: string): string {
  const hits = [...body.matchAll(new RegExp(`"${key}":"([^"]*)"`, 'g'))].map(([, value]) => value ?? '');
  if (hits.length !== 1 || hits[0] === undefined) throw new ClientAborted(`${hits.length} times "${key}" in ${body}`);
  return hits[0];
}

function signOverrides(job: OfficialJob): Record<string, unknown> {
  if (job.kind === 'ipa' || job.kind === 'zip') {
    const password = job.signing === 'sign' ? { signing_p12_password: job.keystorePassword } : {};
    // Only when there are some.
    return (job.entitlements ?? 0) > 0 ? { ...password, manual_entitlements_matching: 'true' } : password;
  }
  const keystore = {
    signing_keystore_password: job.keystorePassword,
    signing_keystore_alias: 'my key',
    signing_keystore_key_password: job.keystorePassword,
  };
  return { ...(job.signing === 'sign' ? keystore : {}), ...fingerprintOverrides(job) };
}

function fingerprintOverrides({ fingerprints }: OfficialJob): Record<string, unknown> {
  if (fingerprints === undefined) return {};
  if (fingerprints.kind === 'single') return { signing_sha1_fingerprint: fingerprints.sha };
  if (fingerprints.kind === 'trusted') return { trusted_signing_fingerprint_list: fingerprints.list };
  const upgrade =
    fingerprints.upgrade === undefined
      ? {}
      : {
          signing_keystore_google_signing_upgrade: 'true',
          signing_keystore_google_signing_sha1_key_2nd_cert: fingerprints.upgrade,
        };
  return {
    signing_keystore_use_google_signing: 'true',
    signing_keystore_google_signing_sha1_key: fingerprints.sha,
    ...upgrade,
  };
}

function signFiles(job: OfficialJob): WirePart[] {
  const ios = job.kind === 'ipa' || job.kind === 'zip';
  const octets = { contentType: 'application/octet-stream' };
  const files: WirePart[] = [];
  if (job.signing === 'sign') {
    const [name, fileName] = ios ? ['signing_p12_content', 'dist.p12'] : ['signing_keystore', 'release.jks'];
    files.push({ name, fileName, content: 'synthetic key file', ...octets });
  }
  for (let index = 0; index < (job.profiles ?? 0); index += 1) {
    const fileName = `profile ${index}.mobileprovision`;
    files.push({ name: 'provisioning_profile', fileName, content: `profile ${index}`, ...octets });
  }
  for (let index = 0; index < (job.entitlements ?? 0); index += 1) {
    const fileName = `entitlements ${index}.plist`;
    files.push({ name: 'entitlements_files', fileName, content: `entitlements ${index}`, ...octets });
  }
  return files;
}
