/**
 * The reader on a real certificate, which is not part of the repository (its issuer marks it confidential). The list was written by
 * hand from the page's image.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPdfCertificate } from '../../src/certificate/pdf-reader.ts';
import { readPdfText } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument } from '../../src/model/certificate.ts';

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
const file = path.join(shared, 'certificates', 'android-aab-2025-07.pdf');

if (!existsSync(file)) {
  it('is not here', () => {
    console.log('skipped: the tests on the real certificate (android-aab-2025-07.pdf is not here)');
    expect(existsSync(file)).toBe(false);
  });
} else {
  describe('the real certificate', () => {
    const bytes = new Uint8Array(readFileSync(file));
    let document: CertificateDocument;

    beforeAll(async () => {
      const reading = await readPdfCertificate({ state: 'present', bytes, sha256: 'digest' });
      if (!reading.ok) throw new Error(reading.message);
      document = reading.document;
    });

    it('is read whole', () => {
      expect(document).toMatchObject({
        shape: 'certified-secure',
        hasFeatureList: true,
        bounded: true,
        complete: true,
      });
      expect(document).toMatchObject({ unread: [], listenerDoubts: [], mentions: [], topLevel: [] });
    });

    it('shows every plugin and parameter in its category', () => {
      const chips = document.features.filter((feature) => feature.role !== 'intelligence');
      expect(chips.map(({ category, role, name, presence }) => [category, role, name, presence])).toEqual([
        ['OS Integrity', 'plugin', 'os_integrity', 'present'],
        ['OS Integrity', 'plugin', 'security_checks', 'present'],
        ['OS Integrity', 'parameter', 'developer_options_detection', 'present'],
        ['OS Integrity', 'parameter', 'root_detection', 'present'],
        ['OS Integrity', 'parameter', 'unknown_sources_detection', 'present'],
        ['Secure Communication', 'plugin', 'proxy_detection', 'present'],
        ['Secure Communication', 'plugin', 'secure_communication', 'present'],
        ['Secure Communication', 'parameter', 'secure_communication_tls_1_2', 'present'],
        ['ONEShield™ by Appdome', 'plugin', 'anti_debugging', 'present'],
        ['ONEShield™ by Appdome', 'plugin', 'anti_tampering', 'present'],
        ['ONEShield™ by Appdome', 'plugin', 'smali_obfuscation', 'present'],
        ['ONEShield™ by Appdome', 'parameter', 'detect_development_emulators', 'present'],
        ['Other', 'plugin', 'openssl', 'present'],
        ['Other', 'plugin', 'secure_dictionary', 'present'],
        ['Other', 'plugin', 'threat_events', 'present'],
      ]);
    });

    it('shows every line of threat intelligence', () => {
      const lines = document.features.filter((feature) => feature.role === 'intelligence');
      expect(lines.map(({ name }) => name)).toEqual([
        'Detect Unknown Sources',
        'Detect Developer Options',
        'Root Detection',
        'Prevent MiTM Attacks',
        'Proxy Detection',
        'Block Non-SSL Connections',
        'Secure TLS Version',
        'App Shielding',
        'Anti-Debugging',
        'Detect Debuggable App',
        'Prevent Running on Emulators',
        'Detect Google Emulators',
      ]);
      for (const line of lines) expect(line).toMatchObject({ presence: 'present', threatEvents: 'In-App Detection' });
    });

    it('shows the missing listener', () => {
      expect(document.missingListeners.map(({ value }) => value)).toEqual(['DeveloperOptionsEnabled']);
    });

    it('shows every fact, once each', () => {
      const facts = Object.fromEntries(
        Object.entries(document.facts).map(([name, list]) => [name, list.map(({ value }) => value)]),
      );
      expect(facts).toEqual({
        app_name: ['Threat-Events'],
        app_build_number: ['5'],
        platform: ['Android'],
        certificate_created: ['17-Jul-25, 15:00 UTC'],
        build_id: ['2f470e80-631e-11f0-811d-012fa289ddab'],
        appdome_version: ['5.16.1.69606'],
        app_added: ['17-Jul-25, 14:56 UTC'],
        app_id: ['01fa8790-631e-11f0-8ec6-9f9d71d92b4c'],
        // The package name holds a person's name, so it is compared in the next test and not written here.
        bundle_id: [expect.any(String)],
        app_version: ['1.0.1'],
        original_sha256: ['49a89718108a7a3d4b3f66aeb255ef72575e9ebc4853513622332b63dedc1702'],
        original_size: ['52.1M'],
        app_secured: ['17-Jul-25, 14:56 UTC'],
        build_external_api_plugin_name: ['AppdomeCliPython'],
        fusion_set_id: ['70ccae10-62ff-11f0-b219-4393c5083e21'],
        fusion_set_name: ['Enable All Threat-Events in Detect Mode'],
        fusion_set_modified: ['17-Jul-25, 14:50 UTC'],
        covered_os: ['Android 15, Android 14, Android 13, Android 12'],
        annotation: ['Enabled all TE in detection mode.'],
        security_inside: ['- 5.98M'],
        context_added: ['17-Jul-25, 14:57 UTC'],
        app_signed: ['17-Jul-25, 15:00 UTC'],
        signer: ['CN=Test Signer, OU=Appdome Testing, O=Appdome, L=Redwood City, ST=CA, C=US'],
        signature_expires: ['Jul 24, 2045, 15:02:50'],
        signer_certificate_sha256: ['F6BCDDA8256A04AE40C4B6F5DC9105B6CE9C9579D5B35BBC6E423EA53005189E'],
        final_sha256: ['371d3a727851765563fbd79c28d7694b62233eaedfbb9e6c7c7f16ad69260b17'],
        final_size: ['46.12M'],
      });
    });

    it('gives the package name of the header, and the account user nowhere', async () => {
      const text = await readPdfText(bytes);
      if (!text.ok) throw new Error(text.message);
      const words = text.text.runs.map((run) => run.text);
      const header = words.filter((word) => /^com\.\w+\.threatevents$/.test(word));
      expect(new Set(header)).toEqual(new Set(document.facts.bundle_id?.map(({ value }) => value)));
      const user = words.map((word) => /^App Added by (.+) on 17-Jul-25/.exec(word)?.[1]).find(Boolean);
      if (user === undefined) throw new Error('no user on the page');
      for (const part of user.split(' ')) {
        const elsewhere = { ...document, facts: { ...document.facts, bundle_id: [] } };
        expect(JSON.stringify(elsewhere).toLowerCase()).not.toContain(part.toLowerCase());
      }
    });

    it('is the same in any order of its text objects, since they do not stand in visual order', async () => {
      const text = await readPdfText(bytes);
      if (!text.ok) throw new Error(text.message);
      const { readCertifiedSecure } = await import('../../src/certificate/certified-secure-layout.ts');
      const runs = [...text.text.runs].reverse();
      expect(readCertifiedSecure({ ...text.text, runs }, 'digest')).toEqual(document);
    });
  });
}
