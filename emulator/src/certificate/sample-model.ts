/** A synthetic app with the protections from which the reference's layout facts were read (appdome-api.md §6.2, §6.4). */
import type { CertificateModel, Chip, IntelligenceLine } from './model.ts';

const IN_APP_DETECTION = 'In-App Detection';

const OS = 'OS Integrity';
const COMMUNICATION = 'Secure Communication';
const SHIELD = 'ONEShield™ by Appdome';

/** Real certificates mark them too, and print no mode of theirs. */
const WITHOUT_LINE = ['os_integrity', 'smali_obfuscation'];

function chips(...keys: string[]): Chip[] {
  return keys.map((key) => ({ key, marked: true, mode: WITHOUT_LINE.includes(key) ? undefined : IN_APP_DETECTION }));
}

function lines(category: string, ...names: string[]): IntelligenceLine[] {
  return names.map((name) => ({ name, mode: IN_APP_DETECTION, category }));
}

const SAMPLE: CertificateModel = {
  buildId: '2c6d8f10-c6f1-11f1-9a3e-0242ac120002',
  appId: '1b5c7e00-c6f1-11f1-9a3e-0242ac120002',
  teamId: '0a4b6df0-c6f0-11f1-9a3e-0242ac120002',
  platform: 'android',
  appType: 'apk',
  app: { name: 'Rehearsal', version: '1.2.3', buildNumber: '45', bundleId: 'com.example.rehearsal' },
  minSdkVersion: '24',
  user: 'Rehearsal User',
  client: 'Fusegate',
  appdomeVersion: '0.0.0.0-rehearsal',
  createdAt: '2026-11-20T10:04:00Z',
  added: {
    at: '2026-11-20T10:00:00Z',
    sha256: '5f1d0a7c3b9e48265f1d0a7c3b9e48265f1d0a7c3b9e48265f1d0a7c3b9e4826',
    size: 5_242_880,
  },
  secured: {
    at: '2026-11-20T10:01:00Z',
    fusionSetId: '7e1f2a30-c6f0-11f1-8b1d-0242ac120002',
    fusionSetName: 'Rehearsal: all detections',
    fusionSetModifiedAt: '2026-11-19T16:30:00Z',
    coveredOs: ['Android 15', 'Android 14', 'Android 13', 'Android 12'],
    annotation: 'Synthetic rehearsal set.',
    securityInside: -6_270_000,
  },
  categories: [
    {
      heading: OS,
      plugins: chips('os_integrity', 'security_checks'),
      parameters: chips('developer_options_detection', 'root_detection', 'unknown_sources_detection'),
    },
    {
      heading: COMMUNICATION,
      plugins: chips('proxy_detection', 'secure_communication'),
      parameters: chips('secure_communication_tls_1_2'),
    },
    {
      heading: SHIELD,
      plugins: chips('anti_debugging', 'anti_tampering', 'smali_obfuscation'),
      parameters: chips('detect_development_emulators'),
    },
  ],
  other: { plugins: [{ key: 'openssl' }, { key: 'secure_dictionary' }, { key: 'threat_events' }], size: 5_704_253 },
  intelligence: [
    ...lines(OS, 'Detect Unknown Sources', 'Detect Developer Options', 'Root Detection'),
    ...lines(
      COMMUNICATION,
      'Prevent MiTM Attacks',
      'Proxy Detection',
      'Block Non-SSL Connections',
      'Secure TLS Version',
    ),
    ...lines(SHIELD, 'App Shielding', 'Anti-Debugging'),
    ...lines(OS, 'Detect Debuggable App'),
    ...lines(SHIELD, 'Prevent Running on Emulators', 'Detect Google Emulators'),
  ],
  missingListeners: ['DeveloperOptionsEnabled'],
  optimizeBuild: -12_950_000,
  context: {
    at: '2026-11-20T10:02:00Z',
    app: { name: 'Rehearsal', version: '1.2.3', buildNumber: '45', bundleId: 'com.example.rehearsal' },
  },
  signing: {
    method: 'on-appdome',
    at: '2026-11-20T10:04:00Z',
    owner: 'CN=Rehearsal Signer, OU=Rehearsal Testing, O=Example, L=Example City, ST=EX, C=US',
    expiresAt: '2046-11-20T10:04:30Z',
    signerCertificateSha256: '9b3e7d15c2f8406a9b3e7d15c2f8406a9b3e7d15c2f8406a9b3e7d15c2f8406a',
    finalSha256: '4d7a91c06be2f3584d7a91c06be2f3584d7a91c06be2f3584d7a91c06be2f358',
    finalSize: 7_340_032,
  },
  extendedLogs: false,
  releaseType: 'rehearsal',
};

/**
 * A complete model, new on every call, so that a test may change it freely.
 * @param changes top-level fields to replace
 */
export function sampleModel(changes: Partial<CertificateModel> = {}): CertificateModel {
  return { ...structuredClone(SAMPLE), ...changes };
}
