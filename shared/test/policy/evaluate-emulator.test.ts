/** The judge on what the embedded build service issues: its PDF as bytes, and its JSON in every shape. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderCertificateJson } from '../../../emulator/src/certificate/json.ts';
import { JSON_SHAPES, type JsonShape } from '../../../emulator/src/certificate/model.ts';
import { renderCertificatePdf } from '../../../emulator/src/certificate/pdf.ts';
import { sampleModel } from '../../../emulator/src/certificate/sample-model.ts';
import { readEvidence } from '../../src/certificate/evidence.ts';
import type { Evidence } from '../../src/model/certificate.ts';
import type { EvidenceMode } from '../../src/model/run-request.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { plan } from './synthetic-evidence.ts';

const present = (bytes: Uint8Array) => ({
  state: 'present' as const,
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});
const absent = { state: 'absent' as const, reason: 'not given' };
const PDF = renderCertificatePdf(sampleModel());
const WITHOUT_LISTENERS = sampleModel({ missingListeners: [] });
const PDF_WITHOUT_LISTENERS = renderCertificatePdf(WITHOUT_LISTENERS);

/** Read once, however many names are judged by it. */
const read = new Map<string, Promise<Evidence>>();

function evidenceOf(shape: JsonShape, withPdf: boolean): Promise<Evidence> {
  const key = `${shape} ${withPdf}`;
  const json = present(new TextEncoder().encode(renderCertificateJson(sampleModel(), shape)));
  const evidence = read.get(key) ?? PDF.then((pdf) => readEvidence({ pdf: withPdf ? present(pdf) : absent, json }));
  read.set(key, evidence);
  return evidence;
}

async function judged(shape: JsonShape, mode: EvidenceMode, withPdf: boolean, name: string) {
  const evidence = await evidenceOf(shape, withPdf);
  return evaluate(plan(name), evidence, { mode: 'gate', evidenceMode: mode, gate: 'enforce' });
}

describe('the PDF', () => {
  const signing = { at: '2026-11-20T10:04:00Z' };
  it.each([
    ['as it is', sampleModel()],
    ['without missing listeners', sampleModel({ missingListeners: [] })],
    ['signed privately', sampleModel({ signing: { method: 'private', ...signing } })],
    ['with Auto-DEV signing', sampleModel({ signing: { method: 'auto-dev', ...signing } })],
  ])('%s has nothing that is not understood, and says how it is signed', async (_, model) => {
    const pdf = present(await renderCertificatePdf(model));
    const evidence = await readEvidence({ pdf, json: absent });
    const later = model.signing?.method !== 'on-appdome';
    const expected = { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce', kind: 'apk' } as const;
    const finalSha256 = model.signing?.method === 'on-appdome' ? model.signing.finalSha256 : 'c'.repeat(64);
    const { outcome, findings, binding } = evaluate(plan('Root Detection'), evidence, { ...expected, finalSha256 });
    expect(findings.filter(({ code }) => code === 'certificate.unread')).toEqual([]);
    expect([outcome, binding.level]).toEqual(['pass', later ? 'unconfirmed' : 'file']);
  });
});

/** Shapes that are read; the others show their names in no list that is known. */
const PROVES = new Set<JsonShape>(JSON_SHAPES.filter((shape) => shape !== 'none'));

describe.each(JSON_SHAPES)('beside a JSON of shape %s', (shape) => {
  it.each(['pdf', 'any'] as const)('the PDF proves, and the JSON does not object (evidence: %s)', async (mode) => {
    for (const name of ['Root Detection', 'Anti-Debugging', 'key: smali_obfuscation']) {
      const { outcome, findings } = await judged(shape, mode, true, name);
      expect([name, outcome, findings.filter(({ level }) => level === 'error')]).toEqual([name, 'pass', []]);
    }
    expect((await judged(shape, mode, true, 'Rate-Limit Connections')).outcome).toBe('fail');
  });

  it.runIf(PROVES.has(shape))('it shows every name of the PDF, and a mode only where the PDF prints one', async () => {
    const model = WITHOUT_LISTENERS;
    const lines = model.intelligence.map(({ name }) => name);
    const json = present(new TextEncoder().encode(renderCertificateJson(model, shape)));
    const evidence = await readEvidence({ pdf: present(await PDF_WITHOUT_LISTENERS), json });
    for (const name of [...lines, 'key: smali_obfuscation', 'key: os_integrity']) {
      const { findings } = evaluate(plan(name), evidence, { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce' });
      const told = findings.map(({ code }) => code).filter((code) => /disagreement|not-enforced/u.test(code));
      expect([name, told]).toEqual([name, lines.includes(name) ? ['feature.not-enforced'] : []]);
    }
  });

  it('the JSON alone proves where the option says so, and not by default', async () => {
    expect((await judged(shape, 'pdf', false, 'Root Detection')).outcome).toBe('error');
    const { outcome, evidence } = await judged(shape, 'any', false, 'Root Detection');
    expect([outcome, evidence]).toEqual(PROVES.has(shape) ? ['pass', 'inferred'] : ['error', 'none']);
  });
});
