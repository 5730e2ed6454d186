/** No report holds the certificate, which its issuer marks confidential, or the name of an account's user. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../src/certificate/evidence.ts';
import { readPdfText } from '../../src/certificate/pdf-text.ts';
import type { FusegateResult } from '../../src/model/result.ts';
import { certificateView } from '../../src/policy/baseline/certificate-view.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { attestationOf } from '../../src/report/in-toto.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderVerdictBlock } from '../../src/report/red-block.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { EXPECTED, plan } from '../policy/synthetic-evidence.ts';
import { resultOf } from './synthetic-result.ts';

const FIXTURE = path.join(import.meta.dirname, '../../../test/fixtures/certificates/android-aab.pdf');

/** A JSON with a user wherever one could stand, beside what is judged. */
const JSON_WITH_USER = {
  build_id: EXPECTED.buildId,
  features: ['root_detection'],
  user: 'Planted User',
  user_name: 'Planted User',
  created_by: { name: 'Planted User', email: 'planted.user@example.com' },
  account: ['planted.user@example.com'],
  signed_by: 'Planted User',
  team_members: [{ display_name: 'Planted User' }],
};

const present = (bytes: Uint8Array) => ({
  state: 'present' as const,
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

async function resultFrom(pdf: Uint8Array): Promise<FusegateResult> {
  const evidence = await readEvidence({
    pdf: present(pdf),
    json: present(new TextEncoder().encode(JSON.stringify(JSON_WITH_USER))),
  });
  const rules = plan('Root Detection', 'Detect Developer Options', 'Rate-Limit Connections');
  const verdict = evaluate(rules, evidence, { ...EXPECTED, mode: 'gate', sign: undefined });
  return resultOf(
    {},
    {
      ...verdict,
      verdict: verdict.outcome,
      baseline: null,
      exitCode: 6,
      certificate: certificateView(evidence),
      ci: { system: 'github', actor: 'octo-planted-actor' },
    },
  );
}

function reportsOf(result: FusegateResult): Record<string, string> {
  return {
    block: renderVerdictBlock(result).join('\n'),
    markdown: renderMarkdown(result, { detail: 'full' }),
    junit: renderJUnit(result),
    html: renderHtml(result, { detail: 'full' }),
    sarif: renderSarif(result, { detail: 'full', root: '/x' }),
    statement: JSON.stringify(attestationOf(result)),
    result: JSON.stringify({ ...result, ci: {} }),
  };
}

/** The account users that the page names: `… by NAME on DATE` and `… UTC by NAME`. */
async function usersOn(pdf: Uint8Array): Promise<string[]> {
  const pages = JSON.stringify(await readPdfText(pdf.slice()));
  const names = [...pages.matchAll(/ by ([^"\\]+?)(?: on |")/gu)].map(([, name]) => name?.trim() ?? '');
  return [...new Set(names)].filter((name) => name.length > 3 && !/^(?:Appdome|owner)/iu.test(name));
}

function expectNone(reports: Record<string, string>, pdf: Uint8Array, users: string[]): void {
  const encoded = Buffer.from(pdf).toString('base64').slice(0, 64);
  for (const [kind, text] of Object.entries(reports)) {
    for (const name of users) expect(text.includes(name), `${kind} names a user`).toBe(false);
    expect(text, kind).not.toMatch(/planted.user|octo-planted-actor/iu);
    expect(text, kind).not.toContain(encoded);
    expect(text, kind).not.toContain('%PDF');
    expect(text, kind).not.toContain('cannot be shared with');
  }
}

describe('reports', () => {
  it('of the synthetic certificate hold neither it nor its user', async () => {
    const pdf = new Uint8Array(readFileSync(FIXTURE));
    const users = await usersOn(pdf);
    expect(users).toContain('Rehearsal User');
    const reports = reportsOf(await resultFrom(pdf));
    expect(reports.html).toContain('DeveloperOptionsEnabled');
    expectNone(reports, pdf, users);
  });

  it('of a real certificate hold neither it nor its user', async () => {
    const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
    const folder = path.join(shared, 'certificates');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pdf')) : [];
    if (names.length === 0) console.log('skipped: no real certificate is here');
    for (const name of names) {
      const pdf = new Uint8Array(readFileSync(path.join(folder, name)));
      const users = await usersOn(pdf);
      expect(users.length).toBeGreaterThan(0);
      expectNone(reportsOf(await resultFrom(pdf)), pdf, users);
    }
  });
});
