import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderCertificatePdf } from '../../../emulator/src/certificate/pdf.ts';
import { sampleModel } from '../../../emulator/src/certificate/sample-model.ts';
import { readEvidence } from '../../src/certificate/evidence.ts';

const pdf = readFileSync(path.join(import.meta.dirname, '../../../test/fixtures/certificates/android-aab.pdf'));

describe('readEvidence', () => {
  it('reads both documents', async () => {
    const evidence = await readEvidence({
      pdf: { state: 'present', bytes: pdf, sha256: 'p' },
      json: { state: 'present', bytes: Buffer.from('{"build_id":"x","features":["root_detection"]}'), sha256: 'j' },
    });
    expect(evidence).toMatchObject({
      pdf: { ok: true, document: { kind: 'pdf', sha256: 'p', complete: true } },
      json: { ok: true, document: { kind: 'json', sha256: 'j', shape: 'B' } },
    });
  });

  it('finds no mention in a name that the PDF prints as the same fact', async () => {
    const mentioned = async (json: object, ofBuild = pdf) => {
      const evidence = await readEvidence({
        pdf: { state: 'present', bytes: ofBuild, sha256: 'p' },
        json: { state: 'present', bytes: Buffer.from(JSON.stringify(json)), sha256: 'j' },
      });
      return evidence.json.ok ? evidence.json.document.mentions.map(({ where }) => where) : undefined;
    };
    const name = 'Rehearsal: all detections';
    expect(await mentioned({ fusion_set_name: name, bundle_id: 'com.example.rehearsal' })).toEqual([]);
    expect(await mentioned({ fusion_set_name: name.toUpperCase().replace(' ', '  ') })).toEqual([]);
    expect(await mentioned({ fusion_set_name: `${name} off` })).toEqual(['$.fusion_set_name']);
    expect(await mentioned({ bundle_id: 'com.example.other' })).toEqual(['$.bundle_id']);
    expect(await mentioned({ removed: { fusion_set_name: name } })).toEqual(['$.removed.fusion_set_name']);
    expect(await mentioned({ fusion_set_name: name }, Buffer.from('no PDF'))).toEqual(['$.fusion_set_name']);
  });

  it('takes a name that the PDF shows for the name of a protection in the JSON too', async () => {
    const model = sampleModel();
    model.categories[0]?.plugins.push({ key: 'brand_new_shield', mode: 'In-App Detection' });
    const newer = await renderCertificatePdf(model);
    const presences = async (features: unknown, ofBuild: Uint8Array = newer) => {
      const evidence = await readEvidence({
        pdf: { state: 'present', bytes: ofBuild, sha256: 'p' },
        json: { state: 'present', bytes: Buffer.from(JSON.stringify({ features })), sha256: 'j' },
      });
      return evidence.json.ok ? evidence.json.document.features.map(({ presence }) => presence) : undefined;
    };
    expect(await presences(['Brand New Shield', 'root_detection'])).toEqual(['present', 'present']);
    expect(await presences({ brand_new_shield: false, root_detection: true })).toEqual(['absent', 'unknown']);
    expect(await presences(['brand_new_shield_off', 'root_detection'])).toEqual(['unknown', 'unknown']);
    expect(await presences(['brand_new_shield', 'root_detection'], pdf)).toEqual(['unknown', 'unknown']);
  });

  it('says of each why there is none', async () => {
    const evidence = await readEvidence({
      pdf: { state: 'absent', reason: 'HTTP 404' },
      json: { state: 'present', bytes: Buffer.from('<html>'), sha256: 'j' },
    });
    expect(evidence.pdf).toEqual({ ok: false, kind: 'pdf', problem: 'absent', message: 'HTTP 404' });
    expect(evidence.json).toMatchObject({ ok: false, kind: 'json', problem: 'not-json', sha256: 'j' });
  });
});
