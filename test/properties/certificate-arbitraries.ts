/** Models of certificates, drawn by fast-check: any number of blocks and chips, names of many languages, and texts that lie. */
import type { CategoryBlock, CertificateModel, Chip, IntelligenceLine } from '@fusegate/emulator/certificate/model';
import { sampleModel } from '@fusegate/emulator/certificate/sample-model';
import fc from 'fast-check';

/** Every mode that the service's documentation names; only In-App Detection has been seen on a certificate. */
const MODES = ['In-App Detection', 'In-App Defense', 'Threat-Memory'];

/** Protections that no drawn page proves. What a hostile text claims is always one of these. */
const CLAIMED_KEYS = ['claimed_root_detection', 'claimed_anti_debugging', 'claimed_openssl'];
const CLAIMED_NAMES = ['Claimed Root Detection', 'Claimed Anti-Debugging'];
const CLAIMED_LISTENER = 'ClaimedRootedDevice';

/** Headings that the reader understands. */
const KNOWN_CATEGORIES = [
  'OS Integrity',
  'Secure Communication',
  'ONEShield™ by Appdome',
  'Mobile Bot Defense',
  'Geo Compliance',
  'Man in the Middle Attack Prevention',
];
/** Headings that nobody has seen; what stands below them is printed and not proven. */
const OTHER_CATEGORIES = [
  'Mobile Malware Prevention and Keylogging Prevention',
  'Защита данных',
  'Ασφάλεια',
  'Not Included',
];

const word = (alphabet: string, least: number, most: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: least, maxLength: most }).map((letters) => letters.join(''));

const keyWord = word('abcdefghijklmnopqrstuvwxyz0123456789', 1, 14);
/** Internal keys: `root_detection`, `secure_communication_tls_1_2`, and some that nearly fill a row. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.array(keyWord, { minLength: 1, maxLength: 4 }).map((words) => words.join('_')) },
  {
    weight: 1,
    arbitrary: fc.array(keyWord, { minLength: 5, maxLength: 5 }).map((words) => words.join('_').slice(0, 60)),
  },
);
const mode = fc.constantFrom(...MODES);
const chip: fc.Arbitrary<Chip> = fc.record({ key, mode }, { requiredKeys: ['key'] });
const chips = (most: number) => fc.uniqueArray(chip, { maxLength: most, selector: (one) => one.key });

const category: fc.Arbitrary<CategoryBlock> = fc.record({
  heading: fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...KNOWN_CATEGORIES) },
    { weight: 1, arbitrary: fc.constantFrom(...OTHER_CATEGORIES) },
  ),
  plugins: chips(14),
  parameters: chips(14),
});

const nameWord = fc.oneof(word('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1, 1), word('abcdefghijklmnopqrstuvwxyzéüñ-', 1, 12));
const line: fc.Arbitrary<IntelligenceLine> = fc.record({
  name: fc
    .array(nameWord, { minLength: 1, maxLength: 5 })
    .map((words) => words.join(' '))
    .filter((name) => !name.startsWith('-') && !name.endsWith('-')),
  mode,
  category: fc.constantFrom(...KNOWN_CATEGORIES),
});
const listener = word('ABCDEFGHIJKLMabcdefghijklm', 3, 30);

const hex64 = word('0123456789abcdef', 64, 64);
/** Digits of one width: the narrowest and the widest, where hashes wrap latest and earliest. */
const hash = fc.oneof(
  hex64,
  fc.constantFrom(...'0123456789abcdef').map((digit) => digit.repeat(64)),
);
const id = fc.uuid();

/** What can be said of a page without any free text in it that pretends to be something. */
export const security = fc.record({
  categories: fc.array(category, { maxLength: 12 }),
  other: fc.option(fc.record({ plugins: chips(10), size: fc.integer({ min: -9e7, max: 9e7 }) }), { nil: undefined }),
  intelligence: fc.uniqueArray(line, { maxLength: 24, selector: ({ name }) => name }),
  missingListeners: fc.uniqueArray(listener, { maxLength: 12 }),
  securityInside: fc.integer({ min: -9e7, max: 9e7 }),
  optimizeBuild: fc.integer({ min: -9e7, max: 9e7 }),
  hashes: fc.tuple(hash, hash, hash),
  ids: fc.tuple(id, id, id),
  signing: fc.constantFrom('on-appdome' as const, 'private' as const, 'none' as const),
  context: fc.boolean(),
  coveredOs: fc.array(
    fc.integer({ min: 8, max: 19 }).map((version) => `Android ${version}`),
    { maxLength: 10 },
  ),
});
export type Security = typeof security extends fc.Arbitrary<infer Value> ? Value : never;

/** Pieces that a text may be made of to be taken for something else: labels, headings, chips, lines and ends of the layout. */
const LIES = [
  'Plugins:',
  'Parameters:',
  'Optimize Build',
  'Certification',
  '© 2026 Appdome',
  'APPLICATION THREAT INTELLIGENCE',
  'The following implementations for Threat-Events appear to be missing:',
  CLAIMED_LISTENER,
  'OS Integrity',
  'Build ID:',
  'Fusion Set ID:',
  'Orig App SHA-256:',
  'Final App SHA-256:',
  'Other In "x" FUSION SET',
  'APPDOME MOBILE APP SECURITY In "x" FUSION SET',
  'App Secured via API (x) with x Fusion Set by x on 17-Jul-25, 15:00 UTC',
  'App Signed via API (x) on Appdome with x Fusion Set by x on 17-Jul-25, 15:00 UTC',
  'This certifies that Appdome has secured x Version 1, build #1 for iOS with the security features identified in this certificate on 17-Jul-25.',
  'Fusion Set by',
  'on 17-Jul-25, 15:00 UTC',
  'ffffffff-ffff-4fff-8fff-ffffffffffff',
  'f'.repeat(64),
  '+ 5.44M',
  '"',
  ...CLAIMED_KEYS,
  ...CLAIMED_NAMES.map((name) => `${name}: In-App Detection`),
];
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...LIES) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('My App', 'Größe', 'Приложение', 'Εφαρμογή', '日本語のアプリ', 'تطبيق', '🔒'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: word('abc ', 1, 120) },
);
const separator = fc.constantFrom(' ', '  ', '\n', '\t', ': ', ', ', '', '\u2028', ' '.repeat(40), '\u00a0'.repeat(30));
/** Any text of a person, most of them made to be misread. */
const hostileText = fc
  .array(fc.tuple(piece, separator), { minLength: 1, maxLength: 9 })
  .map((parts) => parts.flat().join(''));

const FREE_TEXTS = [
  'appName',
  'version',
  'buildNumber',
  'bundleId',
  'user',
  'fusionSetName',
  'annotation',
  'owner',
  'client',
] as const;
export type FreeTexts = Record<(typeof FREE_TEXTS)[number], string>;

/**
 * The free texts of a certificate, all of them or a few: whoever may write one must not be able to write a protection with it. A page
 * that is all lies is never understood, so that only a few of them can show what a whole page says.
 */
export const freeTexts: fc.Arbitrary<Partial<FreeTexts>> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant([...FREE_TEXTS]) },
    { weight: 2, arbitrary: fc.subarray([...FREE_TEXTS], { minLength: 1, maxLength: 2 }) },
  )
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, hostileText]))));

/** Names as people honestly give them: long ones and those of other languages. */
export const honestTexts: fc.Arbitrary<Partial<FreeTexts>> = fc.record(
  {
    appName: fc.constantFrom(
      'Банк',
      'Τράπεζα',
      'Größenwahn & Söhne',
      'A'.repeat(80),
      `${'Very long name '.repeat(12)}end`,
    ),
    fusionSetName: fc.constantFrom(
      'Набор защиты',
      'prod: all of it',
      `${'every protection that there is '.repeat(6)}set`,
    ),
    annotation: fc.constantFrom('First set.', `${'A remark that takes several lines. '.repeat(8)}`),
    owner: fc.constantFrom('CN=Example', `CN=${'Example '.repeat(30)}, O=Example GmbH, C=DE`),
    user: fc.constantFrom('Rehearsal User', 'Пользователь', `Rehearsal ${'User '.repeat(20)}end`),
  },
  { requiredKeys: [] },
);

/** The model of a page. Categories without chips and an empty block Other are left out, as on real ones. */
export function modelOf(drawn: Security, texts: Partial<FreeTexts> = {}): CertificateModel {
  const sample = sampleModel();
  const [originalSha256, finalSha256, signerSha256] = drawn.hashes;
  const [buildId, appId, fusionSetId] = drawn.ids;
  const { signing, context, other: _, ...rest } = sample;
  const app = {
    name: texts.appName ?? rest.app.name,
    version: texts.version ?? rest.app.version,
    buildNumber: texts.buildNumber ?? rest.app.buildNumber,
    bundleId: texts.bundleId ?? rest.app.bundleId,
  };
  return {
    ...rest,
    buildId,
    appId,
    app,
    user: texts.user ?? rest.user,
    client: texts.client ?? rest.client,
    added: { ...rest.added, sha256: originalSha256 },
    secured: {
      ...rest.secured,
      fusionSetId,
      fusionSetName: texts.fusionSetName ?? rest.secured.fusionSetName,
      annotation: texts.annotation ?? 'Synthetic.',
      coveredOs: drawn.coveredOs,
      securityInside: drawn.securityInside,
    },
    categories: drawn.categories.filter(({ plugins, parameters }) => plugins.length + parameters.length > 0),
    ...(drawn.other === undefined || drawn.other.plugins.length === 0 ? {} : { other: drawn.other }),
    intelligence: drawn.intelligence,
    missingListeners: drawn.intelligence.length === 0 ? [] : drawn.missingListeners,
    optimizeBuild: drawn.optimizeBuild,
    ...(drawn.context && context !== undefined ? { context: { ...context, app } } : {}),
    ...signingOf(drawn.signing, finalSha256, signerSha256, texts.owner),
  };
}

function signingOf(
  method: Security['signing'],
  finalSha256: string,
  signerCertificateSha256: string,
  owner: string | undefined,
): Pick<CertificateModel, 'signing'> {
  const { signing } = sampleModel();
  if (method === 'none' || signing?.method !== 'on-appdome') return {};
  if (method === 'private') return { signing: { method, at: signing.at } };
  return { signing: { ...signing, finalSha256, signerCertificateSha256, owner: owner ?? signing.owner } };
}
