import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftPolicy } from '../../src/jobs/policy-draft.ts';
import type { Evidence, Wording } from '../../src/model/certificate.ts';
import { mergePolicies } from '../../src/policy/file/policy-chain.ts';
import { readPolicyText } from '../../src/policy/file/policy-file.ts';
import { yamlWord } from '../../src/policy/file/yaml-word.ts';
import { evaluate } from '../../src/policy/rules/evaluate.ts';
import { planPolicy } from '../../src/policy/rules/plan.ts';
import { checkPolicy } from '../../src/policy/rules/policy-check.ts';
import { EXPECTED, json, pdf, unreadable } from '../policy/synthetic-evidence.ts';
import { anyText } from '../support/any-text.ts';
import { propertyRuns } from '../support/property-runs.ts';

const SOURCE = {
  now: Date.parse('2026-11-21T12:00:00Z'),
  label: 'synthetic.pdf',
  schema: 'fusegate-policy.schema.json',
};

/** What the drafted policy says of the certificate that it was made from. */
async function judgedByDraft(evidence: Evidence) {
  const draft = draftPolicy(evidence, SOURCE);
  const read = await readPolicyText(draft.text, 'draft.yml');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const { policy } = mergePolicies([read.file]);
  const { plan, problems } = planPolicy({ required: [], gate: 'warn', policy });
  expect(problems).toEqual([]);
  const verdict = evaluate(plan, evidence, { mode: 'gate', evidenceMode: 'any', gate: EXPECTED.gate });
  return { draft, plan, verdict };
}

describe('a drafted policy', () => {
  it('requires what the certificate proves, and says what it left out', async () => {
    const evidence = {
      pdf: pdf({
        lines: [
          { name: 'root_detection', category: 'OS Integrity' },
          { name: 'Root Detection', mode: 'In-App Detection' },
          { name: 'Detect Developer Options', mode: 'In-App Detection' },
          'vendor_thing',
        ],
        listeners: ['DeveloperOptionsEnabled'],
        facts: { sign_type: 'OnAppdome' },
      }),
      json: unreadable('json'),
    };
    const { draft, verdict } = await judgedByDraft(evidence);
    expect(verdict.outcome).toBe('pass');
    expect(draft.required).toEqual(['Root Detection', 'key: vendor_thing']);
    expect(draft.leftOut.map(({ name }) => name)).toEqual(['Detect Developer Options']);
    expect(draft.text).toContain(
      '  - feature: Root Detection # printed as root_detection\n    threat-events: in-app-detection\n',
    );
    expect(draft.text).toContain('  # OS Integrity\n');
    expect(draft.text).toContain('#   sign-type: OnAppdome\n');
    expect(draft.text.startsWith('# yaml-language-server: $schema=fusegate-policy.schema.json\n')).toBe(true);
  });

  it('of nothing requires nothing', () => {
    expect(draftPolicy({ pdf: unreadable('pdf'), json: unreadable('json') }, SOURCE).required).toEqual([]);
  });

  it('is valid and proven whatever the certificate prints', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'root_detection',
        'Root Detection',
        'true',
        'null',
        '- x',
        '{a: b}',
        '"',
        "it's",
        '#',
        'a: b',
        'key: x',
        '  ',
        '&a',
        'Übung',
        '日本',
      ),
      anyText({ minLength: 1, maxLength: 20 }),
    );
    const lines = fc.array(
      fc.record({ name, category: name, mode: fc.constantFrom('In-App Detection', 'In-App Defense') }),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), async (list, fromJson) => {
        const evidence = fromJson
          ? { pdf: unreadable('pdf'), json: json({ lines: list }) }
          : { pdf: pdf({ lines: list }), json: unreadable('json') };
        const { draft, verdict } = await judgedByDraft(evidence);
        expect(verdict.outcome === 'pass').toBe(draft.required.length > 0);
        expect(verdict.requirements).toHaveLength(draft.required.length);
      }),
      propertyRuns(60, 1000),
    );
  }, 120_000);
});

const evidenceOf = (spec: Parameters<typeof pdf>[0], other = unreadable('json')): Evidence => ({
  pdf: pdf(spec),
  json: other,
});

describe('the text of a draft', () => {
  it('has the requirements by category and name, then what was left out, then the build', () => {
    const { text, required } = draftPolicy(
      evidenceOf({
        lines: [
          { name: 'z_vendor', category: 'Other' },
          { name: 'openssl', category: 'Other' },
          { name: 'Root Detection', category: 'OS Integrity', mode: 'In-App Defense' },
          { name: 'a_vendor', category: 'Other' },
          'uncategorised',
          { name: 'Detect Developer Options', category: 'OS Integrity', mode: 'In-App Detection' },
        ],
        listeners: ['DeveloperOptionsEnabled'],
        facts: { bundle_id: 'com.example.a', sign_type: 'OnAppdome', build_external_api_plugin_name: 'fusegate' },
      }),
      SOURCE,
    );
    expect(required).toEqual(['Root Detection', 'key: a_vendor', 'key: z_vendor', 'key: uncategorised']);
    expect(text).toMatch(/\nversion: 1\n\n# The only/u);
    const [, body] = text.split('\nrequire:');
    expect(body?.split('\n# Any Threat-Event')[0]?.split('\n')).toEqual([
      '',
      '  # OS Integrity',
      '  - feature: Root Detection',
      '    threat-events: in-app-defense',
      '  # Other',
      '  - key: a_vendor',
      '  - key: z_vendor',
      '  # Without a category',
      '  - key: uncategorised',
      '',
      '# On the certificate, and not required here:',
      expect.stringMatching(/^# {3}Detect Developer Options: .*DeveloperOptionsEnabled/u),
      expect.stringMatching(/^# {3}openssl: a component/u),
      '',
      '# What must not be there; absence must be proven too.',
      '# forbid: [Diagnostic Logs]',
      '',
      '# As this certificate states it:',
      '# build:',
      '#   bundle-id: com.example.a',
      '#   sign-type: OnAppdome',
      '#   build-external-api-plugin-name: fusegate',
      '',
    ]);
  });

  it('says that nothing is required where nothing is proven', () => {
    const { text, leftOut } = draftPolicy({ pdf: unreadable('pdf'), json: unreadable('json') }, SOURCE);
    expect(text).toContain('\nrequire: [] # nothing can be required by name yet');
    expect(text).not.toMatch(/On the certificate, and not required|As this certificate|# build:/u);
    expect(leftOut).toEqual([]);
  });

  it('has no comment for what is not there', () => {
    const { text } = draftPolicy(evidenceOf({ lines: ['own'], facts: { signer: 'CN=Synthetic' } }), SOURCE);
    expect(text).toContain('\nrequire:\n  # Without a category\n  - key: own\n\n# What must not');
    // The ids of one build are no requirement of the next.
    expect(text).not.toMatch(/As this certificate|build-id|app-id|team-id|fusion-set-id|undefined/u);
  });

  it.each<[string, Parameters<typeof pdf>[0], Array<string>]>([
    ['a name that is denied', { lines: [{ name: 'openssl', presence: 'absent' }] }, []],
    ['a name that proves nothing', { lines: [{ name: 'openssl', presence: 'unknown' }] }, []],
    ['a name with an invisible character', { lines: ['open\u200bssl'] }, []],
    ['a name of two lines', { lines: ['open\nssl'] }, []],
    ['a name that is too long', { lines: ['x'.repeat(201)] }, []],
    ['the longest name', { lines: ['x'.repeat(200)] }, [`key: ${'x'.repeat(200)}`]],
    ['a name that holds the word', { lines: ['my key: x'] }, ['key: my key: x']],
  ])('of %s', (_, spec, required) => {
    const draft = draftPolicy(evidenceOf({ ...spec, complete: true }), SOURCE);
    expect(draft.required).toEqual(required);
    // Left out means: there, and not proven. These are not even there.
    expect(draft.leftOut).toEqual([]);
    if (required.length > 0) expect(draft.text).toContain(`- key: ${yamlWord(required[0]?.slice(5) ?? '')}\n`);
  });

  it('takes the mode and the category from whichever line has them', () => {
    const lines = [
      { name: 'root_detection' },
      { name: 'Root Detection', category: 'OS Integrity', mode: 'In-App Defense' },
      { name: 'ROOT DETECTION', category: 'Other', mode: 'In-App Defense' },
    ];
    const { text } = draftPolicy(evidenceOf({ lines }), SOURCE);
    expect(text).toContain(
      '\nrequire:\n  # OS Integrity\n  - feature: Root Detection # printed as ROOT DETECTION, root_detection\n    threat-events: in-app-defense\n\n# What',
    );
    const none = lines.map((line, index) => (index === 0 ? { ...line, category: 'Without a category' } : line));
    expect(draftPolicy(evidenceOf({ lines: none }), SOURCE).text).toContain(
      '  # OS Integrity\n  - feature: Root Detection #',
    );
  });

  it('leaves out what one document shows and the other denies', () => {
    const denies = json({ lines: [{ name: 'Root Detection', presence: 'absent' }] });
    const { required, leftOut, text } = draftPolicy(evidenceOf({ lines: ['Root Detection'] }, denies), SOURCE);
    expect(required).toEqual([]);
    expect(leftOut).toEqual([
      { name: 'Root Detection', why: expect.stringMatching(/denies it/u), outcome: expect.any(String) },
    ]);
    expect(text).toMatch(/\n# {3}Root Detection: .*denies it/u);
  });
});

describe('what a draft says beside names', () => {
  it('groups a chip with the line of its protection, and leaves components out', () => {
    const lines = [
      { name: 'anti_tampering', category: 'ONEShield' },
      { name: 'threat_events', category: 'Other' },
      { name: 'App Shielding', mode: 'In-App Detection' },
    ];
    const { required, leftOut, text } = draftPolicy({ pdf: pdf({ lines }), json: unreadable('json') }, SOURCE);
    expect(required).toEqual(['App Shielding']);
    expect(text).toContain('  # ONEShield\n  - feature: App Shielding # printed as anti_tampering\n');
    expect(leftOut.map(({ name }) => name)).toEqual(['threat_events']);
    expect(leftOut[0]?.outcome).toBeUndefined();
  });

  it.each([['in-app-detection'], ['in-app-defense'], [undefined]])(
    'warns of the line that holds a rule to In-App Detection, and only of that: %s',
    async (mode) => {
      const printed = { 'in-app-detection': 'In-App Detection', 'in-app-defense': 'In-App Defense' }[mode ?? ''];
      const lines = [{ name: 'Root Detection', ...(printed === undefined ? {} : { mode: printed }) }];
      const { text } = draftPolicy(evidenceOf({ lines }), SOURCE);
      expect(/^# .*in-app-detection/mu.test(text)).toBe(mode === 'in-app-detection');
      // What the head says of that line holds: without it, either mode is accepted.
      const without = await readPolicyText(text.replace(/\n {4}threat-events: .*/u, ''), 'draft.yml');
      if (!without.ok) throw new Error(JSON.stringify(without.problems));
      const { plan } = planPolicy({ required: [], gate: 'enforce', policy: mergePolicies([without.file]).policy });
      for (const other of ['In-App Detection', 'In-App Defense']) {
        const stronger = evidenceOf({ lines: [{ name: 'Root Detection', mode: other }] });
        const verdict = evaluate(plan, stronger, { mode: 'gate', evidenceMode: 'pdf', gate: EXPECTED.gate });
        expect(verdict.outcome).toBe('pass');
      }
    },
  );

  it('names the platform that the certificate states, and nothing that this platform does not have', async () => {
    const lines = ['Root Detection', 'Jailbreak Detection'];
    const evidence = { pdf: pdf({ lines, facts: { platform: 'Android' } }), json: unreadable('json') };
    const { draft, plan, verdict } = await judgedByDraft(evidence);
    expect(draft.text).toMatch(/^version: 1\nplatform: android\n/mu);
    expect(plan.platform).toBe('android');
    expect(verdict.outcome).toBe('pass');
    const read = await readPolicyText(draft.text, 'draft.yml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    expect(checkPolicy(mergePolicies([read.file]).policy, plan, SOURCE.now)).toEqual([]);
    for (const facts of [{}, { platform: ['Android', 'iOS'] }, { app_type: 'apk' }])
      expect(draftPolicy(evidenceOf({ lines, facts }), SOURCE).text).not.toMatch(/^platform:/mu);
  });

  it('of JSON alone has the line that lets JSON prove, with why', async () => {
    const evidence = { pdf: unreadable('pdf'), json: json({ lines: ['root_detection'] }) };
    const { draft, plan, verdict } = await judgedByDraft(evidence);
    expect(draft.text).toMatch(/^# .*JSON alone.*\n# .*\nevidence: any$/mu);
    expect(plan.evidence).toBe('any');
    expect(verdict.outcome).toBe('pass');
  });

  it('lists wording that is not known, commented, with its place, and requires nothing below it', () => {
    const heading = {
      kind: 'heading' as const,
      text: 'Not  Included',
      document: 'pdf' as const,
      where: 'page 1 at 64,900',
    };
    const made = pdf({ lines: ['root_detection', 'anti_debugging'] });
    if (!made.ok) throw new Error('a synthetic PDF is readable');
    const [first, ...others] = made.document.features;
    if (!first) throw new Error('it has a name');
    const features = [{ ...first, presence: 'unknown' as const, unread: [heading] }, ...others];
    const document = { ...made.document, features, unread: [heading], complete: false };
    const { text, required, leftOut } = draftPolicy({ pdf: { ok: true, document }, json: unreadable('json') }, SOURCE);
    expect(text).toContain('# accept:\n#   headings:\n#     - Not Included # page 1 at 64,900\n');
    expect(required).toEqual(['Anti-Debugging']);
    expect(leftOut.map(({ name }) => name)).toEqual(['Root Detection']);
  });
});

describe('a word of YAML', () => {
  it('is read back as it was', async () => {
    const { parse } = await import('yaml');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(parse(`a: [${yamlWord(text)}]`)).toEqual({ a: [text] });
      }),
      propertyRuns(500),
    );
  });
});

/** Every comment that is YAML, without its sign. */
function uncommented(text: string): string {
  return text.replace(/^# (?!yaml-)(?=(?: |[a-z-]+:(?: |$)))/gmu, '').replace(/^# *$/gmu, '');
}

describe('what a draft offers as a comment', () => {
  it.each(['Root Detection', 'own'])('is valid once the # is taken out (%s)', async (name) => {
    const facts = { bundle_id: 'com.example', fusion_set_name: '>=24', app_version: '1.10', extended_logs: 'true' };
    const { text } = draftPolicy(evidenceOf({ lines: [name, 'anti_debugging'], facts }), SOURCE);
    const plain = uncommented(text);
    expect(plain).toMatch(/^waivers:$/mu);
    const read = await readPolicyText(plain, 'draft.yml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const { policy } = mergePolicies([read.file]);
    const { problems, plan } = planPolicy({ required: [], gate: 'enforce', policy, now: SOURCE.now });
    expect(problems).toEqual([]);
    expect(plan.waivers).toMatchObject([{ expires: '2027-02-18', orphans: [] }]);
    expect(checkPolicy(policy, plan, SOURCE.now).filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('wording that a draft offers to accept', () => {
  it.each<[Wording['kind'], string]>([
    ['title', 'APPLICATION THREAT INTELLIGENCE'],
    ['title', 'Other In "Another" FUSION SET'],
    ['text', 'The following implementations for Threat-Events appear to be missing:'],
    ['heading', 'New Words'],
  ])('is nothing that the check calls known: %s %s', async (kind, text) => {
    const one = evidenceOf({ lines: ['Proxy Detection'] });
    if (!one.pdf.ok) throw new Error('it is there');
    const unread = [{ kind, text, document: 'pdf' as const, where: 'page 1 at 1,2' }];
    const document = { ...one.pdf.document, complete: false, unread, listenerDoubts: unread };
    const draft = draftPolicy({ ...one, pdf: { ok: true, document } }, SOURCE);
    expect(draft.offersAccept).toBe(true);
    const read = await readPolicyText(uncommented(draft.text), 'draft.yml');
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const { policy } = mergePolicies([read.file]);
    expect(policy.accept.map(({ value }) => value.text)).toEqual([text]);
    const { plan } = planPolicy({ required: [], gate: 'enforce', policy, now: SOURCE.now });
    expect(checkPolicy(policy, plan, SOURCE.now).filter(({ message }) => message.startsWith('accept.'))).toEqual([]);
  });
});

describe('wording that is not known', () => {
  const unread = [{ kind: 'heading' as const, text: 'New Words', document: 'pdf' as const, where: 'page 1 at 1,2' }];
  const evidence = () => {
    const one = evidenceOf({ lines: ['Root Detection'], complete: true });
    if (!one.pdf.ok) return one;
    const { document } = one.pdf;
    const features = document.features.map((fact) => ({ ...fact, presence: 'unknown' as const, unread }));
    return { ...one, pdf: { ...one.pdf, document: { ...document, complete: false, unread, features } } };
  };

  it('outside the list is offered too', () => {
    const one = evidenceOf({ lines: ['Root Detection'], complete: true });
    if (!one.pdf.ok) throw new Error('it is there');
    const text = { kind: 'text' as const, text: 'New Words', document: 'pdf' as const, where: 'page 2 at 1,2' };
    const document = { ...one.pdf.document, listenerDoubts: [text] };
    const draft = draftPolicy({ ...one, pdf: { ok: true, document } }, SOURCE);
    expect(draft.offersAccept).toBe(true);
    expect(draft.text).toContain('# accept:\n#   texts:\n#     - New Words # page 2 at 1,2\n');
  });

  it('leaves a draft with nothing but the lines to accept', () => {
    const draft = draftPolicy(evidence(), SOURCE);
    expect(draft).toMatchObject({ required: [], offersAccept: true });
    expect(draft.text).toContain('# accept:\n#   headings:\n#     - New Words # page 1 at 1,2\n');
  });

  it('counts, and stays in the file, where the policy before accepts it', () => {
    const accept = { titles: [], headings: ['New Words'], labels: [], modes: [], texts: [] };
    const draft = draftPolicy(evidence(), { ...SOURCE, accept });
    expect(draft).toMatchObject({ required: ['Root Detection'], offersAccept: false });
    expect(draft.text).toContain('\naccept:\n  headings:\n    - New Words # page 1 at 1,2\n');
  });
});
