/** What each file option takes, by content. Known text and known other formats are refused; what is not known is not checked. */
import { MAX_CREDENTIAL_BYTES } from '../../files/file-on-disk.ts';
import type { OptionId } from '../../options/table.ts';
import { type ContentKind, type KnownContent, recognise } from './known-content.ts';

interface ContentRule {
  /** The name that a file without one gets. */
  name: string;
  takes: readonly ContentKind[];
  /** What is wanted, as the messages say it. */
  wanted: string;
  /** Bytes; a larger file is something else. Absent = any size. */
  most?: number;
  /** A later check says more about content of an unknown format: nothing is said here. */
  checkedLater?: true;
  /** The format shows in its first bytes, so content of an unknown format is another one. */
  certain?: true;
}

const ZIP = { takes: ['zip'], wanted: 'a ZIP file', certain: true } as const satisfies Omit<ContentRule, 'name'>;
const IMAGE = { takes: ['image'], wanted: 'an image such as a PNG' } as const satisfies Omit<ContentRule, 'name'>;

/** The options that name files which are sent with an action. */
const RULES = {
  keystore: {
    name: 'keystore.jks',
    takes: ['java-keystore', 'pkcs12'],
    wanted: 'the keystore that holds the signing key (JKS or PKCS#12)',
    most: MAX_CREDENTIAL_BYTES,
    checkedLater: true,
  },
  p12: {
    name: 'identity.p12',
    takes: ['pkcs12'],
    wanted: 'a PKCS#12 file with the signing identity',
    most: MAX_CREDENTIAL_BYTES,
    checkedLater: true,
  },
  'provisioning-profiles': {
    name: 'profile.mobileprovision',
    takes: ['profile'],
    wanted: 'a .mobileprovision as Apple signed it',
    most: MAX_CREDENTIAL_BYTES,
    checkedLater: true,
  },
  entitlements: {
    name: 'entitlements.plist',
    takes: ['property-list', 'text'],
    wanted: 'an XML property list with a dictionary',
    most: MAX_CREDENTIAL_BYTES,
    checkedLater: true,
  },
  'signing-fingerprint-list': {
    name: 'fingerprints.json',
    takes: ['json', 'text'],
    wanted: 'a file with a JSON list',
    checkedLater: true,
  },
  'baseline-profile': { name: 'baseline-profile.zip', ...ZIP },
  'startup-profile': { name: 'startup-profile.zip', ...ZIP },
  'cert-pinning-zip': { name: 'pinned-certificates.zip', ...ZIP },
  'input-mapping': {
    name: 'mapping.txt',
    takes: ['mapping'],
    wanted: 'a mapping file of R8 or ProGuard, with lines such as a.b.Shop -> c.d:',
  },
  'app-icon': { name: 'icon.png', ...IMAGE },
  'icon-overlay': { name: 'overlay.png', ...IMAGE },
} as const satisfies Partial<Record<OptionId, ContentRule>>;

export type FileOptionId = keyof typeof RULES;

export function nameWithoutOne(id: FileOptionId): string {
  return RULES[id].name;
}

/** Why something goes to the service without a look into it. `what`: "The file of --app-icon". */
export function sentenceOfUnchecked(what: string, because: string): string {
  return `${what} was not checked, because it is ${because}. It goes to the service as it is.`;
}

export interface JudgedContent {
  /** Fits after the option's name. */
  problem?: { message: string; allowed: string };
  /** Why it was not checked, for the report. */
  notChecked?: string;
}

/**
 * @param bytes the file, or its first `CONTENT_BYTES`
 * @param size of the whole file
 */
export function judgeContent(id: FileOptionId, bytes: Buffer, size: number = bytes.length): JudgedContent {
  const { takes, wanted, most = size, checkedLater, certain }: ContentRule = RULES[id];
  const { kind, said } = recognise(bytes);
  if (takes.includes(kind) || kind === 'unknown') {
    if (size > most) return { problem: { message: tooLarge(size, most), allowed: wanted } };
    if (takes.includes(kind)) return {};
  }
  if (kind !== 'unknown' || certain) return { problem: { message: messageOf({ kind, said }), allowed: wanted } };
  return checkedLater ? {} : { notChecked: said };
}

function tooLarge(size: number, most: number): string {
  const mib = (bytes: number) => Math.ceil(bytes / (1024 * 1024));
  return `has ${mib(size)} MiB, and no such file has more than ${mib(most)} MiB`;
}

function messageOf({ kind, said }: KnownContent): string {
  return kind === 'unknown' ? 'is not a ZIP file' : `is ${said}`;
}
