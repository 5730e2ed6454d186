import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { settleOutput } from '../../src/builds/build.ts';
import { certificateModel } from '../../src/builds/certificate-model.ts';
import { renderCertificatePdf } from '../../src/certificate/pdf.ts';
import { PreparedCertificates } from '../../src/certificate/prepared.ts';
import { sampleModel } from '../../src/certificate/sample-model.ts';
import type { Services } from '../../src/services.ts';
import { app, task } from '../support/built.ts';
import { archive } from '../support/session.ts';

it('hands out what was written ahead, and writes what was not', async () => {
  const certificates = new PreparedCertificates();
  const model = sampleModel();
  const prepared = await certificates.pdf(model);
  expect(prepared).toEqual(await renderCertificatePdf(model));
  expect(await certificates.pdf(sampleModel())).toBe(prepared);
  const changed = { ...model, user: 'Somebody' };
  expect(await certificates.pdf(changed)).toEqual(await renderCertificatePdf(changed));
  expect(await certificates.pdf(model, { shuffleSeed: 1 })).toEqual(
    await renderCertificatePdf(model, { shuffleSeed: 1 }),
  );
});

it('keeps no more than it may', async () => {
  const certificates = new PreparedCertificates(2);
  const first = await certificates.pdf(sampleModel());
  await certificates.pdf({ ...sampleModel(), user: 'Second' });
  expect(await certificates.pdf(sampleModel())).toBe(first);
  await certificates.pdf({ ...sampleModel(), user: 'Third' });
  expect(await certificates.pdf(sampleModel())).not.toBe(first);
});

const uploaded = path.join(mkdtempSync(path.join(tmpdir(), 'fusegate-prepared-')), 'app.apk');
writeFileSync(uploaded, archive());

const FUSE = { action: 'fuse' as const, startedAt: 1000, endsAt: 2000, overrides: {}, files: [] };
const SIGN = { action: 'sign' as const, startedAt: 2000, endsAt: 3000, overrides: {}, files: [] };

it.each([
  ['while the build is signed', [FUSE, SIGN], 2500, true],
  ['not before', [FUSE], 1500, false],
  ['not when that is over: somebody may be asking', [FUSE, SIGN], 3500, false],
])('the service prepares one %s', async (_, stages, now, expected) => {
  const certificates = new PreparedCertificates();
  const prepared: unknown[] = [];
  certificates.pdf = async (model) => {
    prepared.push(model);
    return new Uint8Array();
  };
  const build = task({ stages });
  const services = {
    certificates,
    clock: { now: () => now },
    closing: new AbortController().signal,
    store: { uploadPath: () => uploaded, save: async () => {} },
  };
  await settleOutput(services as unknown as Services, build, app);
  expect(build.output?.stages).toBe(stages.length);
  expect(prepared).toEqual(expected ? [certificateModel(build, app)] : []);
});
