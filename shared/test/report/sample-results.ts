/** Results that show a report in all its states; every value is synthetic. */
import type { FusegateResult } from '../../src/model/result.ts';
import {
  type ArchivedDocument,
  groupBuilds,
  type JudgedArchive,
  judgeArchive,
} from '../../src/policy/rules/archive.ts';
import { buildsOf } from '../../src/report/archive-page.ts';
import { EXPECTED, json, type Line, pdf, plan, unknownJson, unreadable } from '../policy/synthetic-evidence.ts';
import { HOSTILE_TEXTS } from './command-parsers.ts';
import { resultOf } from './synthetic-result.ts';

const CHIPS: Line[] = [
  { name: 'root_detection', category: 'OS Integrity' },
  { name: 'unknown_sources_detection', category: 'OS Integrity' },
  { name: 'developer_options_detection', category: 'OS Integrity' },
  { name: 'proxy_detection', category: 'Secure Communication' },
  { name: 'secure_communication_tls_1_2', category: 'Secure Communication' },
  { name: 'anti_debugging', category: 'ONEShield by Appdome' },
  { name: 'smali_obfuscation', category: 'ONEShield by Appdome' },
  { name: 'openssl', category: 'Other' },
  { name: 'Root Detection', role: 'intelligence', mode: 'In-App Detection' },
  { name: 'Detect Developer Options', role: 'intelligence', mode: 'In-App Detection' },
];

const STAGES: FusegateResult['stages'] = [
  { name: 'upload', startedAt: '2026-11-21T10:00:00.400Z', durationMs: 6200, requests: 4 },
  { name: 'build', startedAt: '2026-11-21T10:00:06.600Z', durationMs: 187_000, requests: 41 },
  { name: 'sign', startedAt: '2026-11-21T10:03:13.600Z', durationMs: 42_300, requests: 12 },
  { name: 'download', startedAt: '2026-11-21T10:03:55.900Z', durationMs: 9100, requests: 2 },
  { name: 'certify', startedAt: '2026-11-21T10:03:56.000Z', durationMs: 1200, requests: 2 },
  { name: 'gate', startedAt: '2026-11-21T10:04:05.000Z', durationMs: 300, requests: 0 },
];

const CI: FusegateResult['ci'] = {
  system: 'github',
  runUrl: 'https://ci.example/acme/app/actions/runs/1234567890',
  repository: 'acme/app',
  commit: '0123456789abcdef0123456789abcdef01234567',
};

export function greenResult(): FusegateResult {
  return resultOf(
    {
      require: ['Root Detection', 'Anti-Debugging', 'Proxy Detection'],
      pdf: pdf({ lines: CHIPS }),
      json: unknownJson(),
    },
    { stages: STAGES, ci: CI },
  );
}

export function redResult(): FusegateResult {
  return resultOf(
    {
      require: ['Root Detection', 'Rate-Limit Connections', 'Detect Developer Options', 'Anti-Debugging'],
      pdf: pdf({ lines: CHIPS, listeners: ['DeveloperOptionsEnabled'] }),
      json: unknownJson(),
    },
    { stages: STAGES, ci: CI },
  );
}

const LISTENED: Array<NonNullable<FusegateResult['listening']>['events'][number]> = [
  {
    name: 'DebuggerThreatDetected',
    protection: 'Anti-Debugging',
    outcome: 'absent',
    places: [],
  },
  { name: 'RootedDevice', protection: 'Root Detection', outcome: 'absent', places: [] },
  {
    name: 'UnknownSourcesEnabled',
    protection: 'Detect Unknown Sources',
    outcome: 'foreign',
    places: ['classes2.dex, com.withpersona.sdk.threats.PersonaListener.start: foreign'],
  },
  {
    name: 'DeveloperOptionsEnabled',
    protection: 'Detect Developer Options',
    outcome: 'named',
    places: [
      'classes.dex, com.acme.bank.security.ThreatNames.<clinit>: name',
      'assets/index.android.bundle: name',
      'classes3.dex, com.acme.bank.analytics.Events.all: name',
      'classes4.dex, com.acme.bank.analytics.Legacy.all: name',
    ],
  },
  ...['SslCertificateValidationFailed', 'SslIncompatibleVersion', 'NetworkProxyConfigured'].map((name) => ({
    name,
    protection: 'Secure Communication',
    outcome: 'unknown' as const,
    places: ['classes5.dex: unreadable'],
  })),
  ...[
    ['EmulatorFound', 'Detect Emulators'],
    ['AppIsDebuggable', 'Anti-Debugging'],
    ['AppIntegrityError', 'App Integrity and Structure Scanning'],
    ['FridaDetected', 'Detect Frida'],
    ['ZygiskDetected', 'Detect Zygisk'],
  ].map(([name = '', protection]) => ({
    name,
    protection,
    outcome: 'registered' as const,
    places: ['classes.dex, com.acme.bank.security.ThreatEvents.listen: registration'],
  })),
];

/** Red because the app does not listen, with so many events. */
export function listeningResult(count: 1 | 12): FusegateResult {
  const events = LISTENED.slice(0, count);
  const gone = events.filter(({ outcome }) => outcome === 'absent' || outcome === 'foreign');
  const base = redResult();
  const names = gone.map(({ name, protection }) => `${name} (${protection})`).join(', ');
  return {
    ...base,
    server: 'http://127.0.0.1:4000',
    transport: { extraCaSha256: 'c'.repeat(64) },
    requirements: [
      ...base.requirements.map((rule) => ({
        ...rule,
        requirement: `${rule.requirement} (threat-events: in-app-detection)`,
      })),
      {
        id: 'app-listens',
        rule: 'app-listens',
        requirement: 'threat-event-listeners: registered',
        feature: null,
        reference: {},
        severity: 'error',
        outcome: 'no-listener',
        evidence: [],
        lookedFor: [],
        source: 'fusegate-policy.yml:9',
        message: `The app does not listen for ${names}`,
        hint: 'Add the listeners to the app (`fusegate threat-events --code LANGUAGE` writes them); then run again.',
      },
    ],
    listening: {
      check: 'warn',
      events,
      unreadable: count === 1 ? [] : [{ file: 'classes5.dex', reason: 'damaged or encrypted' }],
    },
  };
}

export function errorResult(): FusegateResult {
  return resultOf(
    { require: ['Root Detection', 'Anti-Debugging'], pdf: unreadable('pdf', 'damaged'), json: unknownJson() },
    { rehearsal: true, server: 'http://127.0.0.1:4000', stages: STAGES },
  );
}

export function disabledResult(): FusegateResult {
  return resultOf({ pdf: pdf({ lines: CHIPS }), expect: { gate: 'disabled' } }, { stages: STAGES });
}

/** Waived, warned, and a server that is neither the service nor the embedded one. */
export function waivedResult(): FusegateResult {
  const base = redResult();
  const [root, ...others] = base.requirements;
  if (!root) throw new Error('the synthetic result lost its requirements');
  return {
    ...base,
    verdict: 'fail',
    gate: 'warn',
    exitCode: 0,
    server: 'https://gateway.example',
    gateSetBy: 'the environment variable FUSEGATE_GATE',
    transport: { proxy: 'http://proxy.example:3128', caSha256: 'c'.repeat(64) },
    waivers: [
      {
        features: [others[0]?.requirement ?? ''],
        owner: 'mobile-security',
        reason: 'QA lab needs it until 3.2 ships',
        ticket: 'SEC-1412',
        expires: '2026-12-31',
        source: 'fusegate.yml:12',
        state: 'active',
      },
    ],
    accepted: [{ kind: 'heading', text: 'A Section That Is New', document: 'pdf', where: 'page 1 at 64,900' }],
    requirements: [
      root,
      ...others.map((rule, index) =>
        index === 0
          ? {
              ...rule,
              outcome: 'waived' as const,
              waivedBy: 'QA lab needs it until 3.2 ships; mobile-security, 2026-12-31',
            }
          : rule,
      ),
    ],
  };
}

const ARCHIVED = ['root_detection', 'anti_debugging', 'proxy_detection', 'developer_options_detection'];

/** Builds a week apart, the older ones lacking protections, with copies and files that cannot be read. */
export function sampleArchive(count = 20): JudgedArchive {
  const documents = Array.from({ length: count }, (_, index): ArchivedDocument[] => {
    const lines = ARCHIVED.filter((_name, at) => index > count / 2 || (index + at) % 3 > 0);
    const day = new Date(Date.UTC(2026, 0, 5 + 7 * index)).toUTCString().split(' ');
    const facts = {
      build_id: `${String(index).padStart(8, '0')}-1111-11f0-8111-111111111111`,
      app_name: index % 3 === 0 ? 'Acme Pay' : 'Acme Bank',
      app_version: `3.${index}`,
      certificate_created: `${Number(day[1])}-${day[2]}-26, 09:30 UTC`,
    };
    const reading = pdf({ lines, facts });
    if (!reading.ok) return [];
    const copy = { ...reading, document: { ...reading.document, sha256: `digest ${index}` } };
    const labels = [`builds/${index}.pdf`, ...(index === 3 ? ['copies/3.pdf'] : [])];
    return labels.map((label) => ({ label, reading: copy }));
  }).flat();
  const cut: ArchivedDocument = { label: 'builds/cut.pdf', reading: unreadable('pdf', 'damaged') };
  const required = ['Root Detection', 'Anti-Debugging', 'Proxy Detection', 'Detect Developer Options'];
  return judgeArchive(plan(...required), groupBuilds([...documents, cut]), {
    mode: 'gate',
    evidenceMode: EXPECTED.evidenceMode,
    gate: EXPECTED.gate,
  });
}

export function archiveResult(archive = sampleArchive()): FusegateResult {
  const { app: _app, ...base } = resultOf({}, { mode: 'gate', ids: {}, files: [], ci: CI });
  const { verdict } = archive;
  return {
    ...base,
    verdict: verdict.outcome,
    exitCode: verdict.outcome === 'pass' ? 0 : verdict.outcome === 'fail' ? 6 : 8,
    requirements: verdict.requirements,
    findings: verdict.findings,
    missingFeatures: verdict.missingFeatures,
    waivers: verdict.waivers,
    accepted: verdict.accepted,
    binding: verdict.binding,
    evidence: verdict.evidence,
    builds: buildsOf(archive),
    certificate: { source: 'none', shape: {}, sha256: {}, features: [], missingListeners: [], facts: {} },
  };
}

/** More of everything than a page can hold, with names that nobody would choose. */
export function manyResult(count = 60): FusegateResult {
  const lines: Line[] = Array.from({ length: count }, (_, index) => ({
    name: `${index % 3 === 0 ? 'a_very_long_internal_key_of_a_protection_that_nobody_would_want_to_read_aloud' : 'schutzmaßnahme_保護'}_${index}`,
    category: `Category ${index % 7}`,
  }));
  const names = Array.from({ length: count }, (_, index) => `key: ${lines[index]?.name}`);
  return resultOf(
    { require: [...names, 'key: absent_one', 'Root Detection'], pdf: pdf({ lines }), json: json({ lines }) },
    { stages: STAGES, ci: CI },
  );
}

/** Judged once: properties fill it with thousands of texts. */
const TO_FILL = resultOf({ require: ['Root Detection', 'Proxy Detection'] });

/** The same text wherever a result holds text that did not come from us. */
export function filledWith(text: string, count = 1): FusegateResult {
  const base = TO_FILL;
  const [rule] = base.requirements;
  const [file] = base.files;
  if (!rule || !file) throw new Error('the synthetic result lost its requirements');
  const many = <T>(one: T): T[] => Array.from({ length: count }, () => one);
  return {
    ...base,
    tool: { ...base.tool, version: text, bundleSha256: text },
    server: text,
    gateSetBy: text,
    transport: { proxy: text, caSha256: text, extraCaSha256: text, caStore: 'openssl', storeSha256: text },
    waivers: many({
      features: [text],
      owner: text,
      reason: text,
      ticket: text,
      expires: text,
      source: text,
      state: 'active' as const,
    }),
    accepted: many({ kind: 'text' as const, text, document: 'pdf' as const, where: text }),
    rehearsal: true,
    startedAt: text,
    finishedAt: text,
    ci: { system: text, runUrl: text, repository: text, commit: text, actor: text },
    app: { path: text, name: text, bundleId: text, version: text, sha256: text, kind: text },
    ids: { buildId: text, fusionSetId: text, appId: text, teamId: text },
    missingFeatures: many(text),
    requirements: many({
      ...rule,
      id: text,
      requirement: text,
      feature: { name: text, key: text },
      reference: { id: text, reason: text, link: text },
      message: text,
      hint: text,
      source: text,
      lookedFor: [text],
      waivedBy: text,
      evidence: [{ document: 'pdf', where: text, text }],
    }),
    findings: many({ code: text, level: 'warning', feature: text, message: text, hint: text, waivedBy: text }),
    files: many({ ...file, path: text, sha256: text }),
    binding: { level: 'file', message: text, sha256: text },
    baseline: { path: text, [text]: text },
    validation: { id: text, buildId: text, message: text, sha256: text, size: 1, at: text, transport: { proxy: text } },
    dryRun: { hosts: many({ host: text, why: text }) },
    stages: many({ name: text, startedAt: text, durationMs: 1, requests: 1 }),
    certificate: {
      source: 'pdf',
      shape: { pdf: text, json: text },
      sha256: { pdf: text, json: text },
      features: many({ name: text, key: text, category: text, threatEvents: text, source: 'pdf' }),
      missingListeners: many(text),
      facts: Object.fromEntries(Array.from({ length: count }, (_, index) => [`${text}${index}`, text])),
    },
    policy: { path: text, sha256: text, resolved: { [text]: many(text) } },
  };
}

/** All hostile texts at once, and markup, each in its own row. */
export function hostileResult(): FusegateResult {
  const texts = [
    ...HOSTILE_TEXTS,
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</style><script>x</script>',
  ];
  const parts = texts.map((text) => filledWith(text));
  const first = parts[0] as FusegateResult;
  return {
    ...first,
    requirements: parts.flatMap((part) => part.requirements),
    findings: parts.flatMap((part) => part.findings),
    files: parts.flatMap((part) => part.files),
    stages: parts.flatMap((part) => part.stages),
    certificate: { ...first.certificate, features: parts.flatMap((part) => part.certificate.features) },
  };
}
