/** Pages that drift in one place, from their text to the verdict: what is printed must never turn a red rule green. */
import { describe, expect, it } from 'vitest';
import { readCertifiedSecure } from '../../src/certificate/certified-secure-layout.ts';
import type { PdfText } from '../../src/certificate/pdf-text.ts';
import type { CertificateDocument, DocumentReading } from '../../src/model/certificate.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { type Expectation, evaluate } from '../../src/policy/rules/evaluate.ts';
import type { Accept, PolicyPlan, ThreatEventsRule } from '../../src/policy/rules/rule.ts';
import { fields, type Page, type PageFields, pageOf, runOf } from '../certificate/page-of.ts';
import { plan, unknownJson, unreadable } from './synthetic-evidence.ts';

function read(text: PdfText): CertificateDocument {
  const document = readCertifiedSecure(text, 'digest');
  if (typeof document === 'string') throw new Error(document);
  return document;
}

function judge(
  text: PdfText,
  made: PolicyPlan,
  expected: Partial<Expectation> = {},
  beside: DocumentReading = unreadable('json', 'not-given'),
): Verdict {
  const evidence = { pdf: { ok: true as const, document: read(text) }, json: beside };
  return evaluate(made, evidence, { mode: 'gate', evidenceMode: 'pdf', gate: 'enforce', ...expected });
}

const codes = ({ findings }: Verdict) => findings.map(({ code, level }) => `${code} ${level}`);
const accepting = (lists: Partial<Accept>): Accept => ({
  titles: [],
  headings: [],
  labels: [],
  modes: [],
  texts: [],
  ...lists,
});
const asking = (name: string, mode: ThreatEventsRule): PolicyPlan => {
  const made = plan(name);
  return {
    ...made,
    rules: made.rules.map((rule) =>
      rule.condition.kind === 'feature' ? { ...rule, condition: { ...rule.condition, threatEvents: mode } } : rule,
    ),
  };
};
/** Sets a text relative to a run of the page. */
const beside = (page: Page, anchor: string, x: number, text: string, size = 8, dy = 0) => {
  page.y = runOf(page, anchor).y;
  page.at(x, text, size, 'f1', dy);
};
/** The run that follows another one on the line. */
const modeOf = (page: Page, name: string) => {
  const run = page.runs[page.runs.indexOf(runOf(page, name)) + 1];
  if (run === undefined) throw new Error(`nothing after ${name}`);
  return run;
};

const LINES: PageFields['intelligence'] = [
  ['Prevent MiTM Attacks', 'In-App Defense'],
  ['Root Detection', 'In-App Detection'],
];

describe('a line whose mode has moved away from it', () => {
  const drift = (mode: string) => (page: Page) => {
    const run = modeOf(page, 'Root Detection:');
    run.text = mode;
    run.x += 8;
  };
  const page = (mode: string, changes: Partial<PageFields> = {}) =>
    pageOf({ intelligence: LINES, missing: [], ...changes }, drift(mode));

  it.each(['Failed', 'In-App Detection', 'Turned off'])('is quoted with what is beside it: %s', (mode) => {
    const [root] = judge(page(mode), plan('Root Detection')).requirements;
    expect(root).toMatchObject({ outcome: 'unproven' });
    for (const quoted of ['"Root Detection:"', `"${mode}"`]) expect(root?.message).toContain(quoted);
    expect(root?.hint).toMatch(/accept: \{.*texts: \[.*Root Detection:/u);
    expect(root?.hint).toContain(mode);
  });

  it.each(['warn', 'ignore'] as const)(
    'needs both texts accepted, with missing listeners on %s',
    (missingListeners) => {
      const judged = (texts: string[]) =>
        judge(page('Failed'), { ...plan('Root Detection'), missingListeners, accept: accepting({ texts }) });
      expect(judged(['Root Detection:'])).toMatchObject({ outcome: 'error' });
      expect(judged(['Failed'])).toMatchObject({ outcome: 'error' });
      expect(judged(['Root Detection:', 'Failed'])).toMatchObject({ outcome: 'pass' });
    },
  );

  it.each([-1, 0, 1, 13])('counts text %i points lower as beside it', (dy) => {
    const text = pageOf({ intelligence: LINES, missing: [] }, (one) => {
      drift('Failed')(one);
      modeOf(one, 'Root Detection:').y -= dy;
    });
    const missingListeners = 'ignore';
    const accept = accepting({ texts: ['Root Detection:'] });
    expect(judge(text, { ...plan('Root Detection'), missingListeners, accept }).outcome).toBe('error');
  });

  const both = accepting({ texts: ['Root Detection:', 'Failed'] });

  it.each<[string, string[], string]>([
    ['nothing', [], 'pass'],
    ['its own', ['RootedDevice'], 'fail'],
    ['another one', ['DeveloperOptionsEnabled'], 'pass'],
    ['one that pairs with nothing', ['SomeNewEvent'], 'error'],
    ['one that is not the form of a name', ['DeveloperOptionsEnabled…'], 'error'],
  ])('counts as In-App Detection once it is accepted, where the app does not listen for %s', (_, missing, outcome) => {
    for (const name of ['Root Detection', 'key: root_detection']) {
      expect(judge(page('Failed', { missing }), { ...plan(name), accept: both }).outcome).toBe(outcome);
    }
    // The same on one line.
    const whole = pageOf({ intelligence: LINES, missing }, (one) => {
      runOf(one, 'Root Detection:').text = 'Root Detection';
    });
    const accept = accepting({ texts: ['Root Detection In-App Detection'] });
    expect(judge(whole, { ...plan('Root Detection'), accept }).outcome).toBe(outcome);
  });

  it.each(['in-app-detection', 'in-app-defense', 'any'] as const)('shows no mode once it is accepted: %s', (mode) => {
    const [root] = judge(page('Failed'), { ...asking('Root Detection', mode), accept: both }).requirements;
    expect(root).toMatchObject({ outcome: 'unproven' });
    // Nor beside another line of its own.
    const twice: Array<[string, string]> = [
      ['Root Detection', 'In-App Detection'],
      ['Root Detection', 'In-App Defense'],
    ];
    const second = judge(page('Failed', { intelligence: twice }), {
      ...asking('Root Detection', mode),
      accept: both,
    });
    expect(second.requirements[0]).toMatchObject({ outcome: 'unproven' });
  });

  it('leaves the mode of its line alone where it is about something outside the list', () => {
    const text = pageOf({ missing: [] }, (one) => beside(one, 'Final App Size:', 97, 'Root Detection, by us', 10, -20));
    const accept = accepting({ texts: ['Root Detection, by us'] });
    expect(judge(text, asking('Root Detection', 'in-app-detection')).outcome).toBe('error');
    expect(judge(text, { ...asking('Root Detection', 'in-app-detection'), accept }).outcome).toBe('pass');
  });

  it('under a name that is accepted as text counts too', () => {
    const odd = (missing: string[], mode: string) => pageOf({ intelligence: [['Root Detection Xyz', mode]], missing });
    const accept = accepting({ texts: ['Root Detection Xyz'] });
    const judged = (missing: string[], mode: string) =>
      judge(odd(missing, mode), { ...plan('Root Detection'), accept }).outcome;
    expect(judge(odd([], 'In-App Detection'), plan('Root Detection')).outcome).toBe('error');
    expect(judged([], 'In-App Detection')).toBe('pass');
    expect(judged(['SomeNewEvent'], 'In-App Detection')).toBe('error');
    expect(judged(['SomeNewEvent'], 'In-App Defense')).toBe('pass');
  });
});

describe('text that is not understood', () => {
  const SAID = 'Removed: everything';
  const onSecondPage = (): PdfText => {
    const { pages, runs } = pageOf();
    return { pages: [...pages, ...pages], runs: [...runs, { ...runOf({ runs } as Page, 'For'), page: 2, text: SAID }] };
  };

  it.each<[string, PdfText]>([
    ['in the header', pageOf({}, (page) => beside(page, 'Certification', 300, SAID, 10, 60))],
    ['above the list', pageOf({}, (page) => beside(page, 'Build ID:', 450, SAID, 10))],
    ['in the list', pageOf({}, (page) => beside(page, 'Secure Communication', 65, SAID, 10, 20))],
    ['behind the end of the list', pageOf({}, (page) => beside(page, 'Optimize Build', 68, SAID, 10, -20))],
    ['in the context', pageOf({}, (page) => beside(page, 'App Preview:', 400, SAID, 10))],
    ['in the signing part', pageOf({}, (page) => beside(page, 'Final App Size:', 97, SAID, 10, -20))],
    ['in the footer', pageOf({}, (page) => beside(page, 'Final App Size:', 200, `© ${SAID}`, 9, -80))],
    ['below an unknown heading', pageOf({ end: 'sealed' }, (page) => beside(page, 'App Preview:', 66, SAID, 10, -90))],
    ['on a second page', onSecondPage()],
    [
      'on a page without the list',
      pageOf({}, (page) => {
        for (const run of page.runs) if (run.text.startsWith('APPDOME MOBILE')) run.text = SAID;
      }),
    ],
  ])('%s is told with its place, whatever is required', (where, text) => {
    const verdict = judge(text, plan('Prevent MiTM Attacks'));
    const said = verdict.findings.filter(({ code, level }) => code === 'certificate.unread' && level === 'warning');
    expect(said.map(({ message }) => message).join(' ')).toMatch(/\(page \d at \d+,-?\d+\)/u);
    const whole = where === 'in the list';
    expect(JSON.stringify(verdict).includes('everything')).toBe(whole);
    const steps = whole ? [`accept: { texts: ["${SAID}"] }`] : ['fusegate explain FILE', 'fusegate policy init'];
    for (const step of steps) expect(said.map(({ hint }) => hint).join(' ')).toContain(step);
  });

  it('is told once for each place, and no more once it is accepted', () => {
    const text = pageOf({}, (page) => beside(page, 'Final App Size:', 97, SAID, 10, -20));
    const count = (made: PolicyPlan) => codes(judge(text, made)).filter((one) => one.startsWith('certificate.unread'));
    expect(count(plan('Prevent MiTM Attacks'))).toEqual(['certificate.unread warning']);
    expect(count({ ...plan('Prevent MiTM Attacks'), accept: accepting({ texts: [SAID] }) })).toEqual([]);
  });

  it.each<[string, Partial<PageFields>]>([
    ['usual', {}],
    ['without the context', { context: false }],
    ['without missing listeners', { missing: [] }],
    ['without a signing part', { end: 'nothing' }],
  ])('is nothing on the page that is %s', (_, changes) => {
    expect(codes(judge(pageOf(changes), plan('Prevent MiTM Attacks')))).not.toContain('certificate.unread warning');
  });
});

describe('a label of the final hash that is worded differently', () => {
  const { finalSha256, originalSha256 } = fields();
  const reworded = pageOf({}, (page) => {
    runOf(page, 'Final App SHA-256:').text = 'Final App SHA256:';
  });
  const wrapped = pageOf({}, (page) => {
    runOf(page, finalSha256.slice(48)).text = finalSha256.slice(49);
  });

  it.each<[string, PdfText]>([
    ['label', reworded],
    ['hash', wrapped],
  ])('binds nothing, and there is no verdict (%s)', (_, text) => {
    const expectations: Array<Partial<Expectation>> = [
      { finalSha256: 'c'.repeat(64) },
      { finalSha256, kind: 'apk' },
      { mode: 'run', sign: 'on-appdome', originalSha256, finalSha256, kind: 'aab' },
    ];
    for (const expected of expectations) {
      const verdict = judge(text, plan('Prevent MiTM Attacks'), expected);
      expect([verdict.outcome, verdict.binding.level]).toEqual(['error', 'none']);
      expect(codes(verdict)).toContain('binding.unconfirmed error');
    }
    const accept = accepting({ texts: ['Final App SHA256:', finalSha256] });
    const accepted = judge(text, { ...plan('Prevent MiTM Attacks'), accept }, { finalSha256 });
    expect(accepted.outcome).toBe('error');
  });

  it('is compared where it is as it should be', () => {
    const verdict = judge(pageOf(), plan('Prevent MiTM Attacks'), { finalSha256 });
    expect([verdict.outcome, verdict.binding.level]).toEqual(['pass', 'file']);
  });
});

describe('the part of a page for signing later', () => {
  const sealed = (wording: string) =>
    pageOf({ end: 'sealed' }, (page) => {
      const run = page.runs.find(({ text }) => text.startsWith('App Sealed'));
      if (run === undefined) throw new Error('not sealed');
      run.text = run.text.replace('App Sealed via API (SampleClient)', wording);
    });

  it.each([
    ['App Sealed for Private Signing', true],
    ['App Sealed via API (x) for Auto-DEV Private Signing', true],
    ['App Sealed', false],
    ['App Signed Elsewhere', false],
    ['App Left for Private Signing', false],
  ])('%s', (wording, understood) => {
    const text = sealed(wording);
    expect(read(text).signing).toBe(understood ? 'later' : undefined);
    const verdict = judge(text, plan('Prevent MiTM Attacks'), { finalSha256: 'c'.repeat(64), kind: 'apk' });
    expect([verdict.outcome, verdict.binding.level]).toEqual(understood ? ['pass', 'unconfirmed'] : ['error', 'none']);
    expect(codes(verdict)).toContain(`binding.unconfirmed ${understood ? 'warning' : 'error'}`);
  });

  it('is not there on the usual page, nor on one that ends before it', () => {
    expect(read(pageOf())).not.toHaveProperty('signing');
    expect(read(pageOf({ end: 'nothing' })).signing).toBe('none');
  });

  const SAYS_LATER = unknownJson({ build_id: [], fusion_set_id: [], app_id: [], sign_type: 'PrivateSigning' });
  const later = 'App Sealed via API (SampleClient) for Private Signing';
  const heading = (page: Page, wording: string) => {
    const run = page.runs.find(({ text }) => /^App S(?:igned|ealed) /u.test(text));
    if (run === undefined) throw new Error('no part about signing');
    run.text = run.text.replace(/^App S(?:igned|ealed) .*? with /u, `${wording} with `);
    return run;
  };

  it.each<[string, PdfText]>([
    ['with what Appdome has signed below it', pageOf({}, (page) => heading(page, later))],
    [
      'with only the hash below it',
      pageOf({}, (page) => {
        const { y } = heading(page, later);
        const kept = page.runs.filter((run) => run.y > y - 20 || run.x > 230 || run.text.startsWith('\u00a9'));
        page.runs.splice(0, page.runs.length, ...kept);
      }),
    ],
    [
      'with a heading that is not known',
      pageOf({}, (page) => heading(page, 'App Resigned via API (SampleClient) on Appdome')),
    ],
    [
      'with two such parts',
      pageOf({ end: 'sealed' }, (page) => {
        const run = heading(page, later);
        const rest = page.runs[page.runs.indexOf(run) + 1];
        for (const one of [run, rest]) if (one) page.runs.push({ ...one, y: one.y - 60 });
      }),
    ],
    [
      'with a label below it',
      pageOf({ end: 'sealed' }, (page) => {
        const run = heading(page, later);
        page.runs.push({ ...run, text: 'Final App Size:', y: run.y - 60 });
      }),
    ],
    [
      'with a piece of a hash above it',
      pageOf({ end: 'sealed' }, (page) => {
        const run = heading(page, later);
        page.runs.push({ ...run, text: '0123456789abcdef', x: 235, y: run.y + 20, size: 8 });
      }),
    ],
  ])('%s it excuses no missing hash, whatever the JSON says and the policy accepts', (_, text) => {
    expect(read(text).signing).toBeUndefined();
    const texts = read(text).mentions.map((mention) => mention.text);
    for (const kind of ['apk', 'aar'] as const)
      for (const made of [
        plan('Prevent MiTM Attacks'),
        { ...plan('Prevent MiTM Attacks'), accept: accepting({ texts }) },
      ]) {
        const verdict = judge(text, made, { finalSha256: 'c'.repeat(64), kind }, SAYS_LATER);
        expect([verdict.outcome, verdict.binding.level]).toEqual(['error', 'none']);
        expect(codes(verdict)).toContain('binding.unconfirmed error');
      }
  });
});
