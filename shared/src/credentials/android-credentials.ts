/** Checks an Android keystore against what the user says about it. Pure. */
import type { X509Certificate } from 'node:crypto';
import { dayOf } from '../text/calendar-day.ts';
import { type CredentialFindings, type CredentialOption, noFindings, quotedName } from './credential-problem.ts';
import { NotCheckable, orNotCheckable } from './key-derivation.ts';
import type { Keystore, OpenedKeystore, StoredKey } from './opened-keystore.ts';
import { doesNotOpen, slipOf } from './password-slip.ts';

export interface AndroidCredentials {
  /** Base name of the file. */
  file: string;
  alias: string | undefined;
  /** Absent = the password of the keystore. */
  keyPassword: string | undefined;
  keystorePassword: string;
}

/** @param now milliseconds since the epoch */
export async function checkAndroidKeystore(
  opened: OpenedKeystore,
  given: AndroidCredentials,
  now: number,
): Promise<CredentialFindings> {
  const findings = noFindings();
  const found = (option: CredentialOption, message: string, allowed: string): CredentialFindings => {
    findings.problems.push({ option, message, allowed });
    return findings;
  };
  const { file, alias } = given;
  if (opened.state === 'wrong-password') {
    const { message, allowed } = doesNotOpen(file, opened.slip, 'the password that the keystore was made with');
    return found('keystore-password', message, allowed);
  }
  if (opened.state === 'unreadable') {
    findings.notChecked.push(
      `The keystore ${file} was not checked, because ${opened.reason}. It goes to the service as it is.`,
    );
    return findings;
  }
  const { keystore } = opened;
  if (keystore.keys.length === 0) {
    const message = `has no private key: ${file} contains only certificates`;
    return found('keystore', message, 'the keystore in which the signing key was made');
  }
  if (alias === undefined) return findings;
  const key = keyOf(keystore, alias);
  if (key === undefined) return found('keystore-alias', ...missingAlias(keystore, file, alias));
  const keyPassword = given.keyPassword ?? given.keystorePassword;
  const opens = await orNotCheckable(() => key.opensWith(keyPassword));
  if (opens instanceof NotCheckable) {
    findings.notChecked.push(
      `The password of the key ${quotedName(alias)} of ${file} was not checked, because ${opens.message}. It goes to the service as it is.`,
    );
  }
  if (opens === false) {
    const wanted =
      keystore.format === 'PKCS#12' && !key.ownPassword
        ? 'the password of the keystore: in PKCS#12 both are one'
        : 'the password that the key was made with';
    const slip = await slipOf(keyPassword, key.opensWith);
    const { message, allowed } = doesNotOpen(`the key ${quotedName(alias)} of ${file}`, slip, wanted);
    found('key-password', message, allowed);
  }
  if (key.certificate) findings.warnings.push(...remarksOnCertificate(key.certificate, file, now));
  return findings;
}

/**
 * Java's keystores ignore the case of aliases (OpenJDK, `JavaKeyStore.convertAlias`), and number the keys without one from 1
 * (`PKCS12KeyStore.getUnfriendlyName`).
 */
function keyOf({ keys }: Keystore, alias: string): StoredKey | undefined {
  const wanted = alias.toLowerCase();
  const named = keys.find((key) => key.alias?.toLowerCase() === wanted);
  return named ?? keys.filter((key) => key.alias === undefined)[Number(wanted) - 1];
}

/** What is wrong, and what to write instead. */
function missingAlias({ keys, certificateAliases }: Keystore, file: string, alias: string): [string, string] {
  const isCertificate = certificateAliases.some((each) => each.toLowerCase() === alias.toLowerCase());
  let unnamed = 0;
  const names = keys.map((key) => quotedName(key.alias ?? String(++unnamed)));
  return [
    isCertificate ? `names a certificate without a private key in ${file}` : `names no key of ${file}`,
    names.length === 1 ? `${names[0]}, the only key of ${file}` : names.slice(0, 10).join(', '),
  ];
}

/** In the debug keystore that the Android SDK makes (developer.android.com/studio/publish/app-signing#debug-mode). */
const DEBUG_SUBJECT = /^CN=Android Debug$/m;

/** Neither prevents signing or installing an app, since Android ignores the expiry. So neither stops a run. */
function remarksOnCertificate(certificate: X509Certificate, file: string, now: number): string[] {
  const remarks: string[] = [];
  const expires = Date.parse(certificate.validTo);
  if (expires < now) {
    remarks.push(
      `The signing certificate in ${file} expired on ${dayOf(expires)}: Google Play does not accept a new app that is signed with it.`,
    );
  }
  if (DEBUG_SUBJECT.test(certificate.subject)) {
    remarks.push(
      `The key in ${file} is the debug key that the Android SDK makes: Google Play does not accept an app that is signed with it.`,
    );
  }
  return remarks;
}
