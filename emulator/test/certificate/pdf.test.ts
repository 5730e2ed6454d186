import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CertificateModel } from '../../src/certificate/model.ts';
import { renderCertificatePdf } from '../../src/certificate/pdf.ts';
import { sampleModel } from '../../src/certificate/sample-model.ts';
import { readPdf, rowOf } from '../support/pdf-text.ts';

async function render(changes: Partial<CertificateModel> = {}, shuffleSeed?: number) {
  return readPdf(await renderCertificatePdf(sampleModel(changes), shuffleSeed === undefined ? {} : { shuffleSeed }));
}

function texts(items: Array<{ text: string }>): string[] {
  return items.map(({ text }) => text);
}

describe('the PDF of the sample', () => {
  it('is one tall page with each label on the baseline of its value', async () => {
    const model = sampleModel();
    const { items, width, pages } = await render();
    expect({ width, pages }).toEqual({ width: 596, pages: 1 });
    expect(rowOf(items, 'Build ID:')).toEqual(['Build ID:', model.buildId]);
    expect(rowOf(items, 'App ID:')).toEqual(['App ID:', model.appId]);
    expect(rowOf(items, 'Fusion Set ID:')).toEqual(['Fusion Set ID:', model.secured.fusionSetId]);
    expect(rowOf(items, 'Certificate Creation:')[1]).toBe('20-Nov-26, 10:04 UTC by Rehearsal User');
    expect(rowOf(items, 'Appdome Version:')[1]).toBe(model.appdomeVersion);
    expect(rowOf(items, 'Annotation:')[1]).toBe('Synthetic rehearsal set.');
    expect(rowOf(items, 'Security Inside:')[1]).toBe('- 5.98M');
    expect(rowOf(items, 'Optimize Build')[1]).toBe('-12.35M');
    expect(texts(items)).toContain('The app signature will expire on Nov 20, 2046, 10:04:30');
  });

  it('has the chips of each row at 8 points, right of their label', async () => {
    const { items } = await render();
    expect(rowOf(items, 'developer_options_detection')).toEqual([
      'Parameters:',
      'developer_options_detection',
      'root_detection',
      'unknown_sources_detection',
    ]);
    expect(rowOf(items, 'openssl')).toEqual(['Plugins:', 'openssl', 'secure_dictionary', 'threat_events']);
    const chips = items.filter(({ text }) => /^[a-z_0-9]+$/.test(text) && text.includes('_'));
    expect(chips.length).toBe(14);
    for (const { size, x } of chips) {
      expect(size).toBeCloseTo(8);
      expect(x).toBeGreaterThanOrEqual(150);
    }
  });

  it('prints intelligence lines as a bold name and a regular mode', async () => {
    const { items } = await render();
    expect(rowOf(items, 'Root Detection:')).toEqual([
      'Root Detection:',
      'In-App Detection',
      'Prevent MiTM Attacks:',
      'In-App Detection',
    ]);
    const name = items.find(({ text }) => text === 'Root Detection:');
    const mode = items.find(({ text, top }) => text === 'In-App Detection' && top === name?.top);
    expect([name?.bold, mode?.bold]).toEqual([true, false]);
    expect(items.filter(({ text }) => text === 'In-App Detection')).toHaveLength(12);
  });

  it('wraps hashes by width into two lines that join to 64 digits', async () => {
    const { items } = await render();
    for (const [label, hash] of [
      ['Orig App SHA-256:', sampleModel().added.sha256],
      ['Final App SHA-256:', '4d7a91c06be2f358'.repeat(4)],
      ['Certificate SHA-256:', '9B3E7D15C2F8406A'.repeat(4)],
    ] as const) {
      const at = items.find(({ text }) => text === label);
      const lines = items
        .filter(
          ({ x, top, text }) =>
            x > 210 && top > (at?.top ?? 0) - 5 && top < (at?.top ?? 0) + 15 && /^[\da-f]+$/i.test(text),
        )
        .sort((a, b) => a.top - b.top);
      expect(lines).toHaveLength(2);
      expect(lines.map(({ text }) => text).join('')).toBe(hash);
      expect(lines[0]?.text.length).toBeGreaterThanOrEqual(44);
    }
  });

  it('writes some labels at the end of the stream, away from their values, and the footer first', async () => {
    const order = texts((await render()).items);
    expect(order[0]).toContain('SYNTHETIC');
    expect(order.slice(-8)).toEqual([
      'Orig App SHA-256:',
      'Orig App Size:',
      'Annotation:',
      'Security Inside:',
      'APPLICATION THREAT INTELLIGENCE',
      'Certificate SHA-256:',
      'Final App SHA-256:',
      'Final App Size:',
    ]);
    expect(order.indexOf('App ID:')).toBeGreaterThan(order.indexOf('7M'));
  });

  it('says in header and footer that it is synthetic', async () => {
    const { items, height } = await render();
    expect(items.some(({ text, top }) => text === 'SYNTHETIC CERTIFICATE' && top < 60)).toBe(true);
    expect(items.some(({ text, top }) => text.includes('SYNTHETIC') && top > height - 100)).toBe(true);
  });
});

describe('what a model may leave out or overdo', () => {
  it('leaves out blocks that are not there', async () => {
    const model = sampleModel({ intelligence: [], missingListeners: [] });
    delete model.context;
    delete model.other;
    delete model.secured.annotation;
    delete model.signing;
    const { items } = await readPdf(await renderCertificatePdf(model));
    const all = texts(items).join('\n');
    for (const absent of [
      'INTELLIGENCE',
      'appear to be missing',
      'Added Context',
      'Other In',
      'Annotation:',
      'App Signed',
      'Final App',
    ]) {
      expect(all).not.toContain(absent);
    }
    expect(all).toContain('root_detection');
  });

  it('private signing shows neither signer nor final hash', async () => {
    const all = texts((await render({ signing: { method: 'private', at: '2026-11-20T10:04:00Z' } })).items).join('\n');
    expect(all).toContain('Private Signing');
    expect(all).not.toMatch(/signed correctly|Final App|Certificate SHA-256/);
  });

  it('wraps many chips into rows inside the page', async () => {
    const plugins = Array.from({ length: 40 }, (_, index) => ({
      key: `synthetic_protection_${index}`,
      mode: 'In-App Detection',
    }));
    const { items } = await render({
      categories: [{ heading: 'Many', plugins, parameters: [{ key: 'one_parameter' }] }],
    });
    const chips = items.filter(({ text }) => text.startsWith('synthetic_protection_'));
    expect(chips).toHaveLength(40);
    expect(new Set(chips.map(({ top }) => Math.round(top))).size).toBeGreaterThan(9);
    expect(Math.max(...chips.map(({ x }) => x))).toBeLessThan(500);
    const parameters = items.find(({ text }) => text === 'Parameters:');
    expect(parameters?.top).toBeGreaterThan(Math.max(...chips.map(({ top }) => top)));
  });

  it('keeps a second value of an identity key', async () => {
    const { items } = await render({ secondIdentity: { key: 'build_id', value: 'another-build' } });
    expect(items.filter(({ text }) => text === 'Build ID:')).toHaveLength(2);
    expect(texts(items)).toContain('another-build');
  });

  it('keeps names of other scripts, and marks characters that the font lacks', async () => {
    const app = { name: 'Проба Δοκιμή señal 銀行', version: '1', buildNumber: '2', bundleId: 'com.example.x' };
    const all = texts((await render({ app })).items);
    expect(all).toContain('Проба Δοκιμή señal \ufffd\ufffd');
  });

  it('free text with line breaks stays on its line and moves nothing', async () => {
    const plain = await render();
    const model = sampleModel();
    model.secured.annotation = 'x\nPlugins: root_detection\r\n\u001b[31m';
    const hostile = await readPdf(await renderCertificatePdf(model));
    expect(hostile.height).toBe(plain.height);
    expect(rowOf(hostile.items, 'Annotation:')[1]).toContain('x Plugins: root_detection');
  });

  it('wraps a free text that is wider than the page', async () => {
    const model = sampleModel();
    model.secured.annotation = 'W'.repeat(400);
    const { items } = await readPdf(await renderCertificatePdf(model));
    const lines = items.filter(({ text }) => /^W+$/.test(text));
    expect(lines.map(({ text }) => text).join('')).toBe('W'.repeat(400));
    expect(lines.length).toBeGreaterThan(10);
  });
});

describe('determinism', () => {
  it('gives the same bytes for the same model', async () => {
    const [first, second] = await Promise.all([
      renderCertificatePdf(sampleModel()),
      renderCertificatePdf(sampleModel()),
    ]);
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  });

  it('gives the same bytes after a certificate with characters that others lack', async () => {
    const greek = { ...sampleModel().app, name: 'Δοκιμή' };
    const before = await renderCertificatePdf(sampleModel());
    const rare = await renderCertificatePdf(sampleModel({ app: greek }));
    const after = await renderCertificatePdf(sampleModel());
    const again = await renderCertificatePdf(sampleModel({ app: greek }));
    expect(Buffer.from(after).equals(Buffer.from(before))).toBe(true);
    expect(Buffer.from(again).equals(Buffer.from(rare))).toBe(true);
  });

  it('shuffles the stream, not the page', async () => {
    const plain = await render();
    const shuffled = await render({}, 7);
    const place = ({ text, x, top }: { text: string; x: number; top: number }) =>
      `${Math.round(top)}/${Math.round(x)} ${text}`;
    expect(shuffled.items.map(place)).not.toEqual(plain.items.map(place));
    expect(shuffled.items.map(place).sort()).toEqual(plain.items.map(place).sort());
    const other = await render({}, 8);
    expect(other.items.map(place)).not.toEqual(shuffled.items.map(place));
  });
});

describe('against a real certificate', () => {
  const shared = process.env.FUSEGATE_SHARED_DIR ?? fileURLToPath(new URL('../../../../shared', import.meta.url));
  const real = `${shared}/certificates/android-aab-2025-07.pdf`;

  it('puts every label where the real one has it', async () => {
    if (!existsSync(real)) {
      console.log(`skipped: ${real} is not there; nothing was compared with a real certificate`);
      return;
    }
    const theirs = await readPdf(new Uint8Array(readFileSync(real)));
    const ours = await render();
    expect(ours.height).toBe(theirs.height);
    const labels = theirs.items.filter(({ text }) =>
      /:$|^Certification$|^Optimize|^OS Integ|^ONEShield|INTELLIGENCE$/.test(text),
    );
    expect(labels.length).toBeGreaterThan(30);
    for (const label of labels) {
      const found = ours.items.find(({ text, top }) => text === label.text && Math.abs(top - label.top) <= 1.5);
      expect(found, label.text).toBeDefined();
      expect(Math.abs((found?.x ?? 0) - label.x), label.text).toBeLessThan(2);
      expect([found?.size.toFixed(1), found?.bold]).toEqual([label.size.toFixed(1), label.bold]);
    }
  });
});
