/** The Fusion Sets that an emulator starts with (documented in the README). Their ids have the form of UUID v1, like real ones (§1.5). */
import type { FusionFeature, FusionSet } from './fusion-set.ts';

const OS = 'OS Integrity';
const COMMUNICATION = 'Secure Communication';
const SHIELD = 'ONEShield™ by Appdome';
const DETECTION = 'In-App Detection';

/** A row without an event has no display name either, so certificates mark it and print no mode of it. */
type DetectionRow = [category: string, role: FusionFeature['role'], key: string, displayName?: string, event?: string];

/** Keys and names as two real certificates pair them (appdome-api.md §6.2, §6.4); events as the catalogue does, most by their names. */
const DETECTIONS: DetectionRow[] = [
  [OS, 'parameter', 'unknown_sources_detection', 'Detect Unknown Sources', 'UnknownSourcesEnabled'],
  [OS, 'parameter', 'developer_options_detection', 'Detect Developer Options', 'DeveloperOptionsEnabled'],
  [OS, 'parameter', 'root_detection', 'Root Detection', 'RootedDevice'],
  [COMMUNICATION, 'plugin', 'secure_communication', 'Prevent MiTM Attacks', 'SslCertificateValidationFailed'],
  [COMMUNICATION, 'plugin', 'proxy_detection', 'Proxy Detection', 'NetworkProxyConfigured'],
  [COMMUNICATION, 'plugin', 'secure_communication', 'Block Non-SSL Connections', 'SslNonSslConnection'],
  [COMMUNICATION, 'parameter', 'secure_communication_tls_1_2', 'Secure TLS Version', 'SslIncompatibleVersion'],
  [SHIELD, 'plugin', 'anti_tampering', 'App Shielding', 'AppIntegrityError'],
  [SHIELD, 'plugin', 'anti_debugging', 'Anti-Debugging', 'DebuggerThreatDetected'],
  [OS, 'plugin', 'security_checks', 'Detect Debuggable App', 'AppIsDebuggable'],
  [SHIELD, 'parameter', 'detect_development_emulators', 'Prevent Running on Emulators', 'EmulatorFound'],
  [SHIELD, 'parameter', 'detect_development_emulators', 'Detect Google Emulators', 'GoogleEmulatorDetected'],
  [OS, 'plugin', 'os_integrity'],
  [SHIELD, 'plugin', 'smali_obfuscation'],
];

/** No iOS certificate has been seen: these are inferred from the Android ones and from display names. */
const IOS_DETECTIONS: DetectionRow[] = [
  [OS, 'parameter', 'jailbreak_detection', 'Jailbreak Detection', 'JailbrokenDevice'],
  [COMMUNICATION, 'plugin', 'secure_communication', 'Prevent MiTM Attacks', 'SslCertificateValidationFailed'],
  [COMMUNICATION, 'plugin', 'proxy_detection', 'Proxy Detection', 'NetworkProxyConfigured'],
  [SHIELD, 'plugin', 'anti_tampering', 'App Shielding', 'AppIntegrityError'],
  [SHIELD, 'plugin', 'anti_debugging', 'Anti-Debugging', 'DebuggerThreatDetected'],
];

function detected(rows: DetectionRow[]): FusionFeature[] {
  return rows.map(([category, role, key, displayName, event]) => {
    return { key, category, role, mode: DETECTION, displayName, event };
  });
}

function plain(category: string, role: FusionFeature['role'], ...keys: string[]): FusionFeature[] {
  return keys.map((key) => ({ key, category, role }));
}

const SHARED_PARTS = plain('Other', 'plugin', 'openssl', 'secure_dictionary');

/** Ids by purpose of the set. */
export const FUSION_SET_IDS = {
  /** Every detection of the two real sets, Threat-Events on, no listener missing. */
  androidFull: 'a0000001-c6f0-11f1-8aaa-0242ac120002',
  /** The same, but its certificate says that the app lacks the listener for DeveloperOptionsEnabled. */
  androidMissingListener: 'a0000002-c6f0-11f1-8aaa-0242ac120002',
  /** No Root Detection, no Developer Options, no Unknown Sources, no obfuscation, Threat-Events off. */
  androidSmall: 'a0000003-c6f0-11f1-8aaa-0242ac120002',
  iosFull: 'a0000004-c6f0-11f1-8aaa-0242ac120002',
  /** Refused with "Invalid fusion set ID". */
  playground: 'a0000005-c6f0-11f1-8aaa-0242ac120002',
  /** Every detection; its certificate says that the app lacks a listener for each event whose name does not occur in it. */
  androidSearched: 'a0000006-c6f0-11f1-8aaa-0242ac120002',
} as const;

const MODIFIED = '2026-11-01T09:30:00Z';

const ALL_DETECTIONS = [...detected(DETECTIONS), ...SHARED_PARTS, ...plain('Other', 'plugin', 'threat_events')];
const ANDROID = { platform: 'android', modifiedAt: MODIFIED } as const;

export const BUILT_IN_FUSION_SETS: FusionSet[] = [
  {
    ...ANDROID,
    id: FUSION_SET_IDS.androidFull,
    name: 'Rehearsal: all detections',
    annotation: 'Synthetic set of the emulator.',
    features: ALL_DETECTIONS,
  },
  {
    ...ANDROID,
    id: FUSION_SET_IDS.androidMissingListener,
    name: 'Rehearsal: a listener is missing',
    features: ALL_DETECTIONS,
    missingListeners: ['DeveloperOptionsEnabled'],
  },
  {
    ...ANDROID,
    id: FUSION_SET_IDS.androidSmall,
    name: 'Rehearsal: small',
    features: [
      ...plain(COMMUNICATION, 'plugin', 'secure_communication', 'proxy_detection'),
      ...plain(COMMUNICATION, 'parameter', 'secure_communication_tls_1_2'),
      ...plain(SHIELD, 'plugin', 'anti_debugging', 'anti_tampering'),
      ...SHARED_PARTS,
    ],
  },
  {
    id: FUSION_SET_IDS.iosFull,
    name: 'Rehearsal: iOS',
    platform: 'ios',
    modifiedAt: MODIFIED,
    features: [...detected(IOS_DETECTIONS), ...SHARED_PARTS],
  },
  { id: FUSION_SET_IDS.playground, name: 'Rehearsal: playground', platform: 'android', playground: true, features: [] },
  {
    ...ANDROID,
    id: FUSION_SET_IDS.androidSearched,
    name: 'Rehearsal: listeners searched in your app',
    features: ALL_DETECTIONS,
    missingListeners: 'search',
  },
];
