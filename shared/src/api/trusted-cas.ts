/** The certificate authorities that requests trust. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { FusegateError } from '../model/errors.ts';

/**
 * The default CAs plus those in the file. Node's `ca` option replaces the defaults, NODE_EXTRA_CA_CERTS included
 * (nodejs.org/api/tls.html#tlscreatesecurecontextoptions), so they are added again here.
 * @param extraCaFile of NODE_EXTRA_CA_CERTS
 * @throws FusegateError `usage.invalid` for a file that cannot be read, or with a certificate that cannot
 */
export function trustedCas(caFile: string, extraCaFile: string | undefined): string[] {
  let own: string;
  try {
    own = readFileSync(caFile, 'utf8');
  } catch (cause) {
    throw caFileError(caFile, 'the file cannot be read', cause);
  }
  const begins = own.split(BEGIN).length - 1;
  const blocks = own.match(BLOCK) ?? [];
  if (begins === 0) throw caFileError(caFile, 'the file holds no PEM certificate');
  if (blocks.length < begins) throw caFileError(caFile, 'a certificate in it has no end');
  for (const [index, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw caFileError(caFile, `certificate ${index + 1} of ${blocks.length} cannot be read`, cause);
    }
  }
  return [...defaultCas(extraCaFile), ...blocks];
}

const BEGIN = '-----BEGIN CERTIFICATE-----';
const BLOCK = /-----BEGIN CERTIFICATE-----(?:(?!-----BEGIN)[\s\S])*?-----END CERTIFICATE-----/g;

function defaultCas(extraCaFile: string | undefined): string[] {
  // From Node 22.15: everything that a connection without `ca` trusts, --use-system-ca included.
  const getCas: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof getCas === 'function') return getCas('default');
  if (!extraCaFile) return [...tls.rootCertificates];
  try {
    return [...tls.rootCertificates, readFileSync(extraCaFile, 'utf8')];
  } catch {
    // Node itself only warns about a file that it cannot read.
    return [...tls.rootCertificates];
  }
}

/** Node skips a file that it cannot read, so such a file adds no trust. */
export function digestOf(file: string | undefined): string | undefined {
  if (!file) return undefined;
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

function caFileError(file: string, message: string, cause?: unknown): FusegateError {
  return new FusegateError('usage.invalid', `The CA file ${file} cannot be used: ${message}.`, {
    hint: 'Set ca-file to a readable PEM file with the certificates of your proxy or company CA.',
    problems: [{ option: 'ca-file', value: file, message, allowed: 'a PEM file' }],
    cause,
  });
}
