/**
 * Credentials are checked before anything is sent, since a build is paid for before the service opens them. If something is certainly
 * wrong, that is an input problem. If it cannot be read here, that is a warning: the service may still be able to read it.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MAX_CREDENTIAL_BYTES, sizeOfFile } from '../files/file-on-disk.ts';
import { defined } from '../model/defined.ts';
import type { RunRequest, SignRequest } from '../model/run-request.ts';
import { checkAndroidKeystore } from './android-credentials.ts';
import { expectedBundleId, expectedExtensions } from './bundle-id.ts';
import { type CredentialFindings, noFindings } from './credential-problem.ts';
import { checkIosCredentials } from './ios-credentials.ts';
import { Rounds } from './key-derivation.ts';
import { openKeystore } from './keystore.ts';
import type { OpenedKeystore } from './opened-keystore.ts';
import { slipOf } from './password-slip.ts';
import { readPropertyList } from './property-list.ts';
import { readProvisioningProfile } from './provisioning-profile.ts';

/** The part of a signing request that names credentials. */
type Credentials = Pick<
  SignRequest,
  | 'keystore'
  | 'keystorePassword'
  | 'keystoreAlias'
  | 'keyPassword'
  | 'p12'
  | 'p12Password'
  | 'provisioningProfiles'
  | 'entitlements'
>;

/**
 * @param job the app that the provisioning profiles must cover
 * @param now milliseconds since the epoch
 * @param signal ends the derivation of keys
 * @returns nothing about missing or unreadable files: the check of the option reports those. Throws nothing but the reason of the signal
 */
export async function checkCredentials(
  credentials: Credentials,
  job: Pick<RunRequest, 'app' | 'context'>,
  now: number,
  signal?: AbortSignal,
): Promise<CredentialFindings> {
  const parts = await Promise.all([checkKeystore(credentials, now, signal), checkIos(credentials, job, now, signal)]);
  return {
    problems: parts.flatMap(({ problems }) => problems),
    warnings: parts.flatMap(({ warnings }) => warnings),
    notChecked: parts.flatMap(({ notChecked }) => notChecked),
  };
}

async function checkKeystore(
  credentials: Credentials,
  now: number,
  signal: AbortSignal | undefined,
): Promise<CredentialFindings> {
  const { keystore, keystorePassword } = credentials;
  if (keystore === undefined || keystorePassword === undefined) return noFindings();
  const bytes = await contentOf(keystore);
  if (bytes === undefined) return noFindings();
  const password = keystorePassword.reveal();
  return checkAndroidKeystore(
    await openOrExplain(bytes, password, signal),
    {
      file: path.basename(keystore),
      alias: credentials.keystoreAlias,
      keystorePassword: password,
      keyPassword: credentials.keyPassword?.reveal(),
    },
    now,
  );
}

async function checkIos(
  credentials: Credentials,
  job: Pick<RunRequest, 'app' | 'context'>,
  now: number,
  signal: AbortSignal | undefined,
): Promise<CredentialFindings> {
  const { p12, p12Password, provisioningProfiles = [], entitlements = [] } = credentials;
  const [identity] =
    p12 === undefined || p12Password === undefined
      ? []
      : await eachFile([p12], (content) => openOrExplain(content, p12Password.reveal(), signal));
  const profiles = await eachFile(provisioningProfiles, readProvisioningProfile);
  const lists = await eachFile(entitlements, readPropertyList);
  const bundleId = provisioningProfiles.length > 0 ? await expectedBundleId(job) : undefined;
  const findings = checkIosCredentials(
    {
      ...defined({ identity: identity && { file: identity.file, opened: identity.found } }),
      profiles: profiles.map(({ file, found }) => ({ file, read: found })),
      entitlements: lists.map(({ file, found }) => ({ file, list: found })),
      bundleId,
      extensions: provisioningProfiles.length > 0 ? await expectedExtensions(job) : [],
    },
    now,
  );
  if (provisioningProfiles.length > 0 && bundleId === undefined && (await isThere(job.app))) {
    findings.notChecked.push(
      'Whether the provisioning profiles are for the app was not checked, because its bundle id could not be read. They go to the service as they are.',
    );
  }
  return findings;
}

/** Whether the app is an .ipa that exists; the check is repeated for one that is still to be fetched. */
async function isThere(app: RunRequest['app']): Promise<boolean> {
  return app?.kind === 'ipa' && 'size' in (await sizeOfFile(app.path));
}

/** If the password is wrong only because a tool added a line break, blanks or quotes, the message says so. */
async function openOrExplain(
  bytes: Buffer,
  password: string,
  signal: AbortSignal | undefined,
): Promise<OpenedKeystore> {
  const rounds = new Rounds(signal);
  const opened = await openKeystore(bytes, password, rounds);
  if (opened.state !== 'wrong-password') return opened;
  const slip = await slipOf(password, async (each) => (await openKeystore(bytes, each, rounds)).state === 'opened');
  return { ...opened, ...defined({ slip }) };
}

/**
 * Whether a keystore has no password. The service asks for one, so such a file has to be exported again.
 * @throws the signal's reason
 */
export async function opensWithoutPassword(bytes: Buffer, signal?: AbortSignal): Promise<boolean> {
  return (await openKeystore(bytes, '', new Rounds(signal))).state === 'opened';
}

async function eachFile<T>(
  files: readonly string[],
  read: (content: Buffer) => Promise<T>,
): Promise<Array<{ file: string; found: T }>> {
  const found = await Promise.all(
    files.map(async (file) => {
      const content = await contentOf(file);
      return content === undefined ? [] : [{ file: path.basename(file), found: await read(content) }];
    }),
  );
  return found.flat();
}

async function contentOf(file: string): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(file);
    return size > 0 && size <= MAX_CREDENTIAL_BYTES ? await readFile(file) : undefined;
  } catch {
    return undefined;
  }
}
