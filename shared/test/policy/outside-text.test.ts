/** Text outside the list of protections may hold names of people: no result quotes it, and the next step leads to where it is whole. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import { beginningOf } from '../../src/certificate/outside-text.ts';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import { draftPolicy } from '../../src/jobs/policy-draft.ts';
import type { Evidence } from '../../src/model/certificate.ts';
import { certificateView } from '../../src/policy/baseline/certificate-view.ts';
import { groupBuilds, judgeArchive } from '../../src/policy/rules/archive.ts';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import { acceptListsOf, quotableResolved } from '../../src/policy/rules/understood.ts';
import { explainEvidence } from '../../src/report/explain.ts';
import { type Page, pageOf, runOf } from '../certificate/page-of.ts';
import { planOf } from './policy-text.ts';
import { unreadable } from './synthetic-evidence.ts';

const USER = 'Gwendolen Fairfax';
const NAME = /gwendolen|fairfax/iu;
const TIME = '3-Feb-26, 09:05 UTC';
const FILES: Expectation = { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce' };

function evidenceOf(text: PdfText): Evidence {
  const document = readCertifiedSecure(text, 'digest');
  if (typeof document === 'string') throw new Error(document);
  return { pdf: { ok: true, document }, json: unreadable('json', 'not-given') };
}

const reword = (page: Page, from: string, to: string) => {
  for (const run of page.runs) run.text = run.text.replace(from, to);
};
const beside = (page: Page, anchor: string, x: number, text: string, size = 10, dy = 0) => {
  page.y = runOf(page, anchor).y;
  page.at(x, text, size, 'f1', dy);
};
const drifted = (disturb: (page: Page) => void) => pageOf({ user: USER }, disturb);
const onSecondPage = (): PdfText => {
  const { pages, runs } = pageOf({ user: USER });
  const run = { ...runOf({ runs } as Page, 'For'), page: 2, text: `Printed for ${USER}` };
  return { pages: [...pages, ...pages], runs: [...runs, run] };
};

const DRIFTS: Array<[string, PdfText]> = [
  ['Certificate Created', drifted((page) => reword(page, 'Certificate Creation:', 'Certificate Created:'))],
  ['Modified', drifted((page) => reword(page, 'Last Modified:', 'Modified:'))],
  ['a time in another form', drifted((page) => reword(page, `${TIME} by`, 'today by'))],
  ['the heading App Included', drifted((page) => reword(page, 'App Added by', 'App Included by'))],
  ['the heading Added by', drifted((page) => reword(page, 'App Added by', 'Added by'))],
  ['a heading without its time', drifted((page) => reword(page, `by ${USER} on ${TIME}`, `by ${USER}`))],
  ['the context in other words', drifted((page) => reword(page, 'Added Context via API', 'context from'))],
  ['the signing part in other words', drifted((page) => reword(page, 'App Signed via API', 'signed via'))],
  ['a name alone', drifted((page) => beside(page, 'Certification', 300, USER, 10, 60))],
  ['one word alone', drifted((page) => beside(page, 'Certification', 300, 'Fairfax', 10, 60))],
  ['a user beside an id', drifted((page) => beside(page, 'Build ID:', 480, USER))],
  ['a user instead of an id', drifted((page) => reword(page, 'aaaaaaaa-1111-11f0-8000-000000000001', USER))],
  ['a user in a version', drifted((page) => beside(page, 'Orig App Size:', 300, `checked by ${USER}`))],
  ['a user below the list', drifted((page) => beside(page, 'Optimize Build', 68, `for ${USER}`, 10, -20))],
  ['a user in the footer', drifted((page) => beside(page, 'Final App Size:', 200, `© ${USER}`, 9, -80))],
  [
    'a user who says a protection is on',
    drifted((page) => beside(page, 'Certification', 300, `${USER}: Root Detection`, 10, 60)),
  ],
  [
    'no end of the list, and a heading in other words',
    drifted((page) => {
      reword(page, 'Optimize Build', 'Optimise Build');
      reword(page, `on ${TIME}`, 'lately');
      reword(page, 'Added Context via API', 'context from');
    }),
  ],
  ['a second page', onSecondPage()],
];

const POLICY = `
require: [Root Detection, Prevent MiTM Attacks, { feature: Detect Unknown Sources, threat-events: any }]
forbid: [Detect Frida]
build: { app-version: "9.9", bundle-id: com.example.other }
missing-threat-event-listeners: fail
max-certificate-age: 1d
`;

describe.each(DRIFTS)('%s', (_, text) => {
  const evidence = evidenceOf(text);
  const { pdf } = evidence;
  if (!pdf.ok) throw new Error(pdf.message);
  const unread = [...pdf.document.unread, ...pdf.document.listenerDoubts];

  it('leads to no name in what is judged, with and without accepting it', async () => {
    const texts = acceptListsOf(unread).texts ?? [];
    expect(JSON.stringify(pdf.document.mentions)).toMatch(NAME);
    for (const accept of ['', `accept: { texts: ${JSON.stringify(texts)} }`]) {
      const plan = await planOf(POLICY + accept);
      const verdict = evaluate(plan, evidence, { ...FILES, buildId: 'aaaaaaaa-1111-11f0-8000-000000000009', now: 0 });
      const archive = judgeArchive(plan, groupBuilds([{ label: 'a.pdf', reading: pdf }]), FILES);
      const resolved = quotableResolved(plan.resolved, verdict.accepted);
      for (const one of [verdict, archive, resolved, certificateView(evidence)])
        expect(JSON.stringify(one)).not.toMatch(NAME);
      if (accept !== '') expect(verdict.accepted.length).toBeGreaterThan(0);
    }
  });

  it('is told with its place and with the step that shows it whole', async () => {
    const { findings } = evaluate(await planOf('require: [Root Detection]'), evidence, FILES);
    const told = findings.find(({ code, message }) => code === 'certificate.unread' && message.includes('outside'));
    expect(told?.message).toMatch(/page \d at -?\d+,-?\d+/u);
    expect(told?.hint).toMatch(/fusegate explain FILE.*fusegate policy init --certificate FILE/u);
    expect(told?.hint).not.toContain('accept: {');
    expect(JSON.stringify(explainEvidence('a.pdf', evidence))).toMatch(NAME);
  });

  it('is accepted by what policy init writes', async () => {
    const draft = draftPolicy(evidence, { label: 'a.pdf', schema: 's', now: 0 });
    expect(draft.text).toMatch(/# accept:\n#/u);
    const lists = acceptListsOf(unread);
    const accepted = await planOf(`require: [Prevent MiTM Attacks]\naccept: ${JSON.stringify(lists)}`);
    const left = evaluate(accepted, evidence, FILES).findings.filter(({ code }) => code === 'certificate.unread');
    expect(left).toEqual([]);
  });
});

describe('a rule that text outside the list doubts', () => {
  const doubted = drifted((page) => beside(page, 'Certification', 300, `${USER}: Root Detection`, 10, 60));

  it.each(['Root Detection', 'Prevent MiTM Attacks'])('leads to policy init: %s', async (name) => {
    const { requirements } = evaluate(await planOf(`require: [${name}]`), evidenceOf(doubted), FILES);
    expect(requirements[0]).toMatchObject({ outcome: 'unproven' });
    expect(requirements[0]?.hint).toContain('fusegate policy init --certificate FILE');
    expect(requirements[0]?.hint).not.toContain('accept: {');
  });

  it('is quoted whole where it is inside', async () => {
    const inside = pageOf({}, (page) => beside(page, 'Secure Communication', 65, 'Somewhere by Somebody', 10, 20));
    const { requirements, findings } = evaluate(await planOf('require: [Root Detection]'), evidenceOf(inside), FILES);
    for (const text of [requirements[0]?.message, requirements[0]?.hint, findings[0]?.message])
      expect(text).toContain('Somewhere by Somebody');
  });
});

describe('what is quoted of it', () => {
  it.each([
    ['Certificate Created: today', 'Certificate…'],
    ['App Added by Gwendolen', 'App Added…'],
    ['Root Detection', 'Root Detection'],
    ['Root  Detection: off', 'Root Detection:…'],
    ['root_detection was removed', 'root_detection…'],
    ['Gwendolen', '…'],
    ['by Gwendolen Fairfax', 'by…'],
    ['17-Jul-25, 15:00 UTC by Gwendolen', '…'],
    ['', '…'],
  ])('%j: %j', (text, quoted) => expect(beginningOf(text)).toBe(quoted));

  it('leaves the resolved policy alone where the list holds it', () => {
    const resolved = {
      require: ['Some Name'],
      'accept.texts': ['left by them', 'Gone Since'],
      'accept.headings': ['New'],
    };
    const inside = { kind: 'text', text: 'left by them', document: 'pdf', where: 'page 1 at 65,9' } as const;
    expect(quotableResolved(resolved, [inside, { ...inside, kind: 'heading', text: 'New' }])).toEqual({
      ...resolved,
      'accept.texts': ['left by them', '…'],
    });
  });
});
