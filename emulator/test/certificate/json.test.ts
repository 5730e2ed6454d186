import { describe, expect, it } from 'vitest';
import { readJsonCertificate } from '../../../shared/src/certificate/json-reader.ts';
import { certificateJsonObject, renderCertificateJson } from '../../src/certificate/json.ts';
import { JSON_SHAPES } from '../../src/certificate/model.ts';
import { sampleModel } from '../../src/certificate/sample-model.ts';
import { BUILT_IN_FUSION_SETS } from '../../src/fusion-sets/built-in.ts';
import { certificateOf } from '../support/built.ts';

/** The keys that the vendor's own test suite reads (appdome-api.md §5.2). */
const VERIFIED = [
  'build_id',
  'app_id',
  'app_type',
  'bundle_id',
  'fusion_set_id',
  'fusion_set_name',
  'team_id',
  'extended_logs',
  'sign_type',
  'min_sdk_version',
  'release_type',
  'build_external_api_plugin_name',
  'is_context_api_call',
];

describe('certificate JSON', () => {
  it.each(JSON_SHAPES)('shape %s is compact, has the 13 verified keys and says that it is synthetic', (shape) => {
    const text = renderCertificateJson(sampleModel(), shape);
    const document = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(text).toBe(JSON.stringify(document));
    expect(document.synthetic_rehearsal).toBe(true);
    const inner = shape.startsWith('nested') ? document.certificate : document;
    expect(Object.keys(inner ?? {})).toEqual(expect.arrayContaining(VERIFIED));
    expect('features' in (inner ?? {})).toBe(shape !== 'none');
  });

  const features = (shape: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G') =>
    certificateJsonObject(sampleModel(), shape).features;

  it('writes each shape as the reference describes it', () => {
    expect(features('A')).toContainEqual({
      name: 'root_detection',
      category: 'OS Integrity',
      role: 'parameter',
      enabled: true,
      threat_events: 'in_app_detection',
    });
    expect(features('A')).toContainEqual({ name: 'openssl', category: 'Other', role: 'plugin', enabled: true });
    expect(features('B')).toContain('root_detection');
    expect(features('C')).toHaveProperty(['OS Integrity', 'parameters', 1], 'root_detection');
    expect(features('D')).toHaveProperty('root_detection', true);
    expect(features('E')).toHaveProperty('root_detection', { enabled: true, mode: 'in_app_detection' });
    expect(features('F')).toHaveProperty(['root_detection.mode'], 'in_app_detection');
    expect(features('F')).toHaveProperty(['openssl.enabled'], true);
    expect(features('C')).toHaveProperty(
      ['ONEShield™ by Appdome', 'parameters'],
      expect.arrayContaining(['App Shielding']),
    );
    expect(features('E')).toHaveProperty('App Shielding', { enabled: true, mode: 'in_app_detection' });
    expect(features('G')).toContainEqual({ key: 'root_detection', value: true });
  });

  it('states no mode for what the PDF prints without one', () => {
    expect(features('A')).toContainEqual({
      name: 'smali_obfuscation',
      category: 'ONEShield™ by Appdome',
      role: 'plugin',
      enabled: true,
    });
    expect(features('E')).toHaveProperty('smali_obfuscation', { enabled: true });
    expect(features('F')).toHaveProperty(['smali_obfuscation.mode'], undefined);
  });

  it('follows the model', () => {
    const model = sampleModel({ extendedLogs: true, signing: { method: 'private', at: '2026-11-20T10:04:00Z' } });
    delete model.context;
    delete model.teamId;
    expect(certificateJsonObject(model, 'none')).toMatchObject({
      extended_logs: true,
      is_context_api_call: false,
      sign_type: 'PrivateSigning',
      team_id: 'personal',
    });
  });

  it('gives the bundle id of the original after a context step, as the App Added block of the PDF', () => {
    const model = sampleModel();
    if (model.context !== undefined) model.context.app.bundleId = 'com.example.renamed';
    expect(certificateJsonObject(model, 'none').bundle_id).toBe('com.example.rehearsal');
  });

  it.each(JSON_SHAPES)(
    'shape %s is understood whole: every name that the PDF prints for a built-in set, and nothing beside it',
    (shape) => {
      for (const fusionSet of BUILT_IN_FUSION_SETS) {
        const model = certificateOf(fusionSet);
        const bytes = new TextEncoder().encode(renderCertificateJson(model, shape));
        const reading = readJsonCertificate({ state: 'present', bytes, sha256: 'digest' });
        const document = reading.ok ? reading.document : undefined;
        // Names that people chose are searched, too.
        const named = /\.(?:bundle_id|fusion_set_name|build_external_api_plugin_name)$/u;
        expect(document?.mentions.filter(({ where }) => !named.test(where))).toEqual([]);
        const shown = document?.features.filter(({ presence }) => presence === 'present').map((fact) => fact.name);
        const printed = [
          ...model.categories.flatMap(({ plugins, parameters }) => [...plugins, ...parameters]).map(({ key }) => key),
          ...(model.other?.plugins ?? []).map(({ key }) => key),
          ...model.intelligence.map(({ name }) => name),
        ];
        expect(new Set(shown)).toEqual(new Set(shape === 'none' ? [] : printed));
        expect(document?.features).toHaveLength(shown?.length ?? -1);
      }
    },
  );
});
