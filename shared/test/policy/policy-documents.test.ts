/** What people and editors read about a policy agrees with what parses it: docs/policy.md and the JSON Schema. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BUILD_KEYS } from '../../src/policy/file/build-keys.ts';
import { readPolicyText } from '../../src/policy/file/policy-file.ts';
import { policyJsonSchema } from '../../src/policy/file/policy-json-schema.ts';
import { judgedBy, planned } from './policy-text.ts';
import { pdf, unreadable } from './synthetic-evidence.ts';

const docs = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../docs');
const page = readFileSync(path.join(docs, 'policy.md'), 'utf8');
const example = /```yaml\n([\s\S]*?)```/u.exec(page)?.[1] ?? '';

interface SchemaNode {
  description?: string;
  properties?: Record<string, SchemaNode>;
}
const schema = policyJsonSchema() as SchemaNode & Record<string, unknown>;
/** Compiled by the first test that asks, so that a schema that cannot be is a test that fails. */
let compiled: ValidateFunction | undefined;
const validate = (document: unknown): boolean => {
  const options = { strict: true, strictRequired: false, allowUnionTypes: true, validateFormats: false };
  compiled ??= new Ajv2020(options).compile(schema);
  return compiled(document);
};

describe('the example of docs/policy.md', () => {
  it('is a policy whose names are known', async () => {
    const { problems, plan } = await planned(example.replace(/^version: 1$/mu, ''), {
      server: 'https://fusion.appdome.com',
    });
    expect(problems).toEqual([]);
    expect(plan.rules.map(({ id }) => id)).toEqual([
      'any-of(feature:anti_debugging,feature:app_shielding)',
      'at-least-2(feature:anti_debugging,feature:block_magisk,feature:detect_frida)',
      'build:appdome_version>=5.16',
      'build:min_sdk_version>=24',
      'build:sign_type=onappdome',
      'feature:detect_developer_options@android',
      'feature:detect_unknown_sources:in-app-detection',
      'feature:root_detection',
      'forbid:feature:diagnostic_logs',
      'key:smali_obfuscation',
      'listener',
      'signature-validity:365d',
    ]);
  });

  it('is valid by the schema', () => {
    expect(validate(parse(example))).toBe(true);
  });
});

describe('docs/reference/protections.md', () => {
  const table = readFileSync(path.join(docs, 'reference/protections.md'), 'utf8');
  const [, seen = ''] = /## Seen on a real certificate([\s\S]*?)\n## /u.exec(table) ?? [];
  const rows = seen.split('\n').flatMap((line) => {
    const cells = line.split(' | ').map((cell) => cell.replace(/^\| | \|$/gu, ''));
    const step = cells.at(-1) ?? '';
    const other = /`(\w+)`/u.exec(step)?.[1];
    return other === undefined ? [] : [{ name: cells[0] ?? '', step, other }];
  });

  it.each(rows)('has the next step of the gate: $name beside $other', async ({ name, step, other }) => {
    const evidence = { pdf: pdf({ lines: [other] }), json: unreadable('json') };
    const { findings } = await judgedBy(`require: ["${name}"]`, { evidence });
    const missing = findings.find(({ code }) => code === 'feature.missing');
    expect(missing?.message).toContain(other);
    expect(missing?.hint.includes('Threat-Events')).toBe(step.includes('Threat-Events'));
  });
});

describe('docs/policy.md', () => {
  it.each([...Object.keys(schema.properties ?? {}), ...BUILD_KEYS.map(({ key }) => key)])('tells of %s', (key) => {
    expect(page).toContain(`\`${key}\``);
  });
});

describe('the JSON Schema', () => {
  it('that is committed is the one of the parser', () => {
    const committed = readFileSync(path.join(docs, 'schemas/fusegate-policy.schema.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('describes every key', () => {
    for (const [key, node] of Object.entries(schema.properties ?? {})) {
      if (!['version', 'waivers'].includes(key)) expect(node.description, key).toBeTypeOf('string');
    }
  });

  it.each([
    'version: 1',
    'version: 1\nrequire: [A, { feature: B }, { key: c, severity: warning }]',
    'version: 1\nrequire: [{ any-of: [A, { all-of: [B, { key: c, threat-events: any }] }] }]',
    'version: 1\nforbid: [A, { key: b }]\nbuild: { app-type: aab, min-sdk-version: { value: 24 } }',
    'version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31, scope: { platform: ios } }]',
    'version: 1\naliases: { A: [b] }\nextends: x.yml\nlocked: true\nmax-waiver-days: 3\nevidence: both',
    'version: 1\nrequire: [{ at-least: 1, of: [A, { at-least: 2, of: [B, C] }], id: X-1, reason: r, link: "https://a.example" }]',
    'version: 1\nbuild: { app-type: [aab, ipa], signature-valid-for: 365d, app-version: { value: ["1"], id: a } }',
    'version: 1\naccept: { titles: [a], headings: [b], labels: [c], modes: [d], texts: [e] }',
    'version: 1\ngate: warn\nplatform: ios\nmax-certificate-age: 1d12h',
    'version: 1\nwaivers: [{ features: [A, B], ticket: T-1, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }]',
    'version: 1\nwaivers: [{ features: [A], feature: B, reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }]',
    'version: 1\nwaivers: [{ reason: QA lab needs it, owner: mobile-security, expires: 2026-12-31 }]',
    'version: 1\nwaivers: [{ feature: A, reason: n/a, owner: team, expires: 2026-12-31 }]',
    'version: 1\ngate: disabled',
    'version: 1\nmax-certificate-age: 30',
    'version: 1\nmax-certificate-age: 0d',
    'version: 1\nmax-certificate-age: 12h1d',
    'version: 1\naccept: { words: [a] }',
    'version: 1\nrequire: [{ at-least: 1 }]',
    'version: 1\nrequire: [{ of: [A] }]',
    'version: 1\nrequire: [{ at-least: 0, of: [A] }]',
    'version: 1\nrequire: [{ feature: A, id: "a b" }]',
    'version: 1\nrequire: [{ feature: A, link: "javascript:x" }]',
    'version: 1\nbuild: { app-type: [] }',
    'version: 2',
    'require: [A]',
    'version: 1\nrequre: [A]',
    'version: 1\nrequire: [{}]',
    'version: 1\nrequire: [{ feature: A, key: b }]',
    'version: 1\nrequire: [{ any-of: [] }]',
    'version: 1\nforbid: [{ any-of: [A] }]',
    'version: 1\nbuild: { nothing: 1 }',
    'version: 1\nwaivers: [{ feature: A, reason: QA lab needs it, owner: mobile-security, expires: soon }]',
    'version: 1\nwaivers: [{ feature: A }]',
    'version: 1\nmissing-threat-event-listeners: maybe',
    'version: 1\nandroid: { locked: true }',
  ])('says the same as the parser of %j', async (text) => {
    expect(validate(parse(text))).toBe((await readPolicyText(text, 'p')).ok);
  });
});
