/**
 * The request sequence of the official Python client, from the facts of appdome-api.md §1.3, §1.6 to §1.8, §3 (PY). Own code: what it
 * sends is what matters here, with its slips.
 */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ClientAborted, type OfficialJob, type OfficialOutcome } from './job.ts';
import { breathe, multipart, send, type WireAnswer, type WirePart } from './wire.ts';

/** Vendors as its user writes them (§3.7). */
export const PYTHON_VENDORS: Record<string, string> = {
  aws_device_farm: 'AUTOMATION_AWS_DEVICE_FARM',
  bitbar: 'AUTOMATION_BITBAR',
  browserstack: 'AUTOMATION_BROWSERSTACK',
  firebase: 'AUTOMATION_FIREBASE',
  katalon: 'AUTOMATION_KATALON',
  kobiton: 'AUTOMATION_KOBITON',
  lambdatest: 'AUTOMATION_LAMBDATEST',
  perfecto: 'AUTOMATION_PERFECTO',
  saucelabs: 'AUTOMATION_SAUCELABS',
  tricentis_device_cloud: 'AUTOMATION_TOSCA',
  app_debug: 'AUTOMATION_APP_DEBUG',
  app_profiler: 'AUTOMATION_APP_PROFILER',
};

export class PythonClient {
  readonly base: string;
  readonly token: string;
  readonly team: string | undefined;

  constructor(serverBaseUrl: string, token: string, team?: string) {
    // urljoin: a path without a trailing slash is dropped (§1.1).
    this.base = new URL('api/v1', serverBaseUrl).href;
    this.token = token;
    this.team = team;
  }

  /** Everything that its main script does for an app, in its order; for an SDK, that of its SDK script. */
  async run(job: OfficialJob): Promise<OfficialOutcome> {
    const appId = job.directUpload === true ? await this.directUpload(job) : await this.upload(job);
    const buildId = await this.fuse(job, appId);
    const workflowLog: string[] = [];
    const wait = () => this.waitForTask(buildId, job.workflowLogs === true ? workflowLog : undefined);
    await wait();
    const sdk = job.kind === 'aar' || job.kind === 'zip';
    if (!sdk) {
      // Always, with nothing to change as well (§3.8).
      await this.act('context', buildId, job.context ?? {}, []);
      await wait();
    }
    if (job.signing !== 'none') {
      await this.act(job.signing, buildId, signOverrides(job), signFiles(job));
      await wait();
    }
    const output = (await this.get(`/tasks/${buildId}/output`)).body;
    const outcome: OfficialOutcome = {
      buildId,
      appId,
      output,
      certificatePdf: output,
      certificateJson: '',
      workflowLog,
    };
    // "Only Android SDK has mapping" among SDKs.
    if (job.kind !== 'zip' && job.kind !== 'ipa') {
      const status = JSON.parse((await this.get(`/tasks/${buildId}/status`)).text) as {
        obfuscationMapExists?: boolean;
      };
      const mapping = status.obfuscationMapExists === true ? await this.mapping(buildId) : undefined;
      if (mapping !== undefined) outcome.mapping = mapping;
    }
    if (job.secondOutput === true && job.kind === 'aab' && job.signing !== 'sign_script') {
      outcome.secondOutput = (await this.get(`/tasks/${buildId}/output`, { action: 'sign_second_output' })).body;
    }
    outcome.certificatePdf = (await this.get(`/tasks/${buildId}/certificate`)).body;
    outcome.certificateJson = (await this.get(`/tasks/${buildId}/certificate-json`)).text;
    return outcome;
  }

  /** Its branch that asks for the checksum first (PYC): aborts on anything but 200, 204 and 404. */
  async checkByChecksum(app: Uint8Array): Promise<string | undefined> {
    const body = Buffer.from(JSON.stringify({ checksum: createHash('sha256').update(app).digest('hex') }));
    const headers = { ...this.headers(), 'Content-Type': 'application/json', 'Content-Length': String(body.length) };
    const answer = await send('POST', this.url('/apps/check-by-checksum'), headers, body);
    if (answer.status === 404) return undefined;
    const found = JSON.parse(accept(answer).text) as { exists: boolean; app_id?: string };
    return found.exists ? found.app_id : undefined;
  }

  async upload(job: OfficialJob): Promise<string> {
    const link = JSON.parse((await this.get('/upload-link')).text) as { url: string; file_id: string };
    // Neither Authorization nor Content-Type (§3.1b).
    const put = await send(
      'PUT',
      link.url,
      { ...REQUESTS_HEADERS, 'Content-Length': String(job.app.length) },
      Buffer.from(job.app),
    );
    accept(put);
    const fields = { file_app_id: link.file_id, file_name: basename(job.appPath) };
    const answer = await this.post('/upload-using-link', fields, [], { async: 'True' });
    const { id } = JSON.parse(answer.text) as { id: string };
    await this.wait(`/upload/${id}/status`, undefined);
    return id;
  }

  async directUpload(job: OfficialJob): Promise<string> {
    const part = { name: 'file', fileName: basename(job.appPath), content: Buffer.from(job.app) };
    return (JSON.parse((await this.post('/upload', {}, [part])).text) as { id: string }).id;
  }

  async fuse(job: OfficialJob, appId: string): Promise<string> {
    const overrides: Record<string, unknown> = {};
    if (job.buildLogs === true) overrides.extended_logs = true;
    if (job.buildToTest !== undefined) {
      const vendor = PYTHON_VENDORS[job.buildToTest];
      if (vendor === undefined) throw new ClientAborted(`invalid choice: ${job.buildToTest}`);
      overrides.build_to_test_vendor = vendor;
      overrides.build_to_test_message = `App is not running on ${job.buildToTest}. Exiting`;
    }
    const fields: Record<string, string> = { action: 'fuse', app_id: appId, fusion_set_id: job.fusionSetId };
    // Omitted if empty (§1.8).
    if (Object.keys(overrides).length > 0) fields.overrides = pythonJson(overrides);
    const path = job.buildToTest === undefined ? '/tasks' : '/build-to-test';
    const answer = await this.post(path, fields, fuseFiles(job));
    return (JSON.parse(answer.text) as { task_id: string }).task_id;
  }

  /** `overrides` always, if only `{}`. */
  async act(action: string, buildId: string, overrides: Record<string, unknown>, files: WirePart[]): Promise<void> {
    const fields = { action, parent_task_id: buildId, overrides: pythonJson(overrides) };
    await this.post('/tasks', fields, files);
  }

  async waitForTask(taskId: string, log: string[] | undefined): Promise<void> {
    await this.wait(`/tasks/${taskId}/status`, log);
  }

  async validate(app: Uint8Array, appPath: string): Promise<Record<string, unknown>> {
    const part = { name: 'file', fileName: appPath, content: Buffer.from(app) };
    const headers = this.headers();
    const { id } = JSON.parse((await this.postTo(`${this.base}/validation/upload`, {}, [part], headers)).text) as {
      id: string;
    };
    for (let poll = 0; poll < 5000; poll += 1) {
      const answer = await send('GET', `${this.base}/validation/${id}/status`, this.jsonHeaders());
      const status = JSON.parse(accept(answer).text) as Record<string, unknown>;
      if (status.validation_state !== 'pending' && status.validation_state !== 'active') return status;
      await breathe();
    }
    throw new ClientAborted('infinite');
  }

  async release(fusionSetId: string, targetTeam: string): Promise<string> {
    const url = `${this.base}/release_fs/${fusionSetId}?team_id=${targetTeam}`;
    const answer = accept(await send('POST', url, { ...this.headers(), 'Content-Length': '0' }));
    return (JSON.parse(answer.text) as { new_fusion_set_id: string }).new_fusion_set_id;
  }

  /** Polls while it says `progress`; every other word but `completed` is the end (§1.7). */
  private async wait(path: string, log: string[] | undefined): Promise<void> {
    let lastDate: string | undefined;
    for (let poll = 0; poll < 5000; poll += 1) {
      const dated = lastDate === undefined ? {} : { lastDate };
      const answer = await this.get(path, log === undefined ? {} : { messages: 'true', ...dated });
      const status = JSON.parse(answer.text) as {
        status: string;
        message?: string;
        messages?: Array<{ message: { text: string }; creation_time: string }>;
      };
      if (status.status === 'completed') return;
      if (status.status !== 'progress') throw new ClientAborted(`Task not completed successfully: ${status.message}`);
      for (const { message, creation_time } of status.messages ?? []) {
        log?.push(message.text);
        lastDate = creation_time;
      }
      await breathe();
    }
    throw new ClientAborted('timeout');
  }

  private async mapping(buildId: string): Promise<Buffer | undefined> {
    const url = this.url(`/tasks/${buildId}/output`, { action: 'deobfuscation_script' });
    const answer = await send('GET', url, this.jsonHeaders());
    return answer.status === 404 ? undefined : accept(answer).body;
  }

  /** A content type on a GET that has no body (§1.3). */
  private async get(path: string, query: Record<string, string> = {}): Promise<WireAnswer> {
    return accept(await send('GET', this.url(path, query), this.jsonHeaders()));
  }

  private post(
    path: string,
    fields: Record<string, string>,
    files: WirePart[],
    query: Record<string, string> = {},
  ): Promise<WireAnswer> {
    return this.postTo(this.url(path, query), fields, files, this.headers());
  }

  private async postTo(
    url: string,
    fields: Record<string, string>,
    files: WirePart[],
    headers: Record<string, string>,
  ): Promise<WireAnswer> {
    const parts: WirePart[] = Object.entries(fields).map(([name, content]) => ({ name, content }));
    // Forces multipart where there is no file (§1.8).
    parts.push(...(files.length > 0 ? files : [{ name: 'None', fileName: 'None', content: '' }]));
    const { body, boundary } = multipart(parts);
    return accept(
      await send(
        'POST',
        url,
        {
          ...headers,
          'Content-Length': String(body.length),
          'Content-Type': `multipart/form-data; boundary=${boundary}`,
        },
        body,
      ),
    );
  }

  private url(path: string, query: Record<string, string> = {}): string {
    const url = new URL(this.base + path);
    // Left out for the personal workspace (§1.4).
    if (this.team !== undefined) url.searchParams.set('team_id', this.team);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  private headers(): Record<string, string> {
    return {
      ...REQUESTS_HEADERS,
      Authorization: this.token,
      'Cache-Control': 'no-cache',
      'X-Appdome-Client': 'Appdome-cli-python/1.0',
    };
  }

  private jsonHeaders(): Record<string, string> {
    return { ...this.headers(), 'Content-Type': 'application/json' };
  }
}

const REQUESTS_HEADERS = {
  'User-Agent': 'python-requests/2.26.0',
  'Accept-Encoding': 'gzip, deflate, br',
  Accept: '*/*',
  Connection: 'keep-alive',
};

/** Only 200 and 204 are good (§1.6). */
function accept(answer: WireAnswer): WireAnswer {
  if (answer.status === 200 || answer.status === 204) return answer;
  throw new ClientAborted(`${answer.status}: ${answer.text.slice(0, 500)}`);
}

/** `json.dumps`: blanks after colons and commas, and everything beyond ASCII escaped. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function signOverrides(job: OfficialJob): Record<string, unknown> {
  if (job.kind === 'ipa') {
    const matching = { manual_entitlements_matching: job.signing === 'sign' && (job.entitlements ?? 0) > 0 };
    return job.signing === 'sign' ? { signing_p12_password: job.keystorePassword, ...matching } : matching;
  }
  if (job.kind === 'zip') return job.signing === 'sign' ? { signing_p12_password: job.keystorePassword } : {};
  const keystore =
    job.signing === 'sign'
      ? {
          signing_keystore_password: job.keystorePassword,
          signing_keystore_alias: 'my key',
          signing_keystore_key_password: job.keystorePassword,
        }
      : {};
  return { ...keystore, ...fingerprintOverrides(job) };
}

function fingerprintOverrides({ fingerprints }: OfficialJob): Record<string, unknown> {
  switch (fingerprints?.kind) {
    case 'single':
      return { signing_sha1_fingerprint: fingerprints.sha };
    case 'google': {
      const google = {
        signing_keystore_use_google_signing: true,
        signing_keystore_google_signing_sha1_key: fingerprints.sha,
      };
      if (fingerprints.upgrade === undefined) return google;
      return {
        ...google,
        signing_keystore_google_signing_upgrade: true,
        signing_keystore_google_signing_sha1_key_2nd_cert: fingerprints.upgrade,
      };
    }
    case 'trusted':
      return { trusted_signing_fingerprint_list: fingerprints.list };
    default:
      return {};
  }
}

/** The local path is sent as the file's name (§1.8). */
function signFiles(job: OfficialJob): WirePart[] {
  const ios = job.kind === 'ipa' || job.kind === 'zip';
  const files: WirePart[] = [];
  if (job.signing === 'sign') {
    const [name, fileName] = ios
      ? ['signing_p12_content', '/home/ci/my certs/dist.p12']
      : ['signing_keystore', '/home/ci/my keys/release.jks'];
    files.push({ name, fileName, content: 'synthetic key file' });
  }
  for (let index = 0; index < (job.profiles ?? 0); index += 1) {
    const fileName = `/home/ci/profile ${index}.mobileprovision`;
    files.push({ name: 'provisioning_profile', fileName, content: `profile ${index}` });
  }
  for (let index = 0; index < (job.entitlements ?? 0); index += 1) {
    const fileName = `/home/ci/entitlements ${index}.plist`;
    files.push({ name: 'entitlements_files', fileName, content: `entitlements ${index}` });
  }
  return files;
}

function fuseFiles(job: OfficialJob): WirePart[] {
  const files: WirePart[] = [];
  const add = (name: string, fileName: string, contentType: string) =>
    files.push({ name, fileName, contentType, content: `content of ${name}` });
  if (job.baselineProfile === true) add('baseline_profile', '/home/ci/baseline.zip', 'application/zip');
  if (job.startupProfile === true) add('startup_profile', '/home/ci/startup.zip', 'application/zip');
  if (job.inputMapping === true) add('input_mapping', '/home/ci/mapping.txt', 'application/txt');
  for (const [host, file] of Object.entries(job.pinning ?? {})) {
    const name = `mitm_host_server_pinned_certs_list['${host}'].value.mitm_host_server_pinned_certs_file_content`;
    add(name, `/tmp/pinning/${file}`, 'application/octet-stream');
  }
  return files;
}
