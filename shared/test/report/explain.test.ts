import { describe, expect, it } from 'vitest';
import { explainEvidence, explanationLines } from '../../src/report/explain.ts';
import { BUILD_ID, json, OTHER_ID, pdf, unknownJson, unreadable } from '../policy/synthetic-evidence.ts';

describe('an explanation', () => {
  it('has every name with presence, value, place and what it proves', () => {
    const { documents } = explainEvidence('x', {
      pdf: pdf({
        lines: [{ name: 'root_detection', mode: 'In-App Detection', category: 'OS Integrity' }, 'secure_communication'],
        listeners: ['DeveloperOptionsEnabled', 'Nothing'],
      }),
      json: json({
        lines: [
          { name: 'root_detection', presence: 'unknown', value: 'null' },
          { name: 'openssl', presence: 'absent', value: 'false' },
        ],
      }),
    });
    expect(documents[0]?.names).toEqual([
      expect.objectContaining({
        name: 'root_detection',
        proves: 'Root Detection',
        threatEvents: 'In-App Detection',
        category: 'OS Integrity',
        where: 'page 1 at 213,100',
      }),
      // Joined by meaning only: it proves nothing but itself.
      expect.objectContaining({ name: 'secure_communication', proves: 'secure_communication' }),
    ]);
    expect(documents[0]?.missingListeners).toMatchObject([
      { protection: 'Detect Developer Options' },
      { name: 'Nothing' },
    ]);
    expect(documents[1]?.names).toMatchObject([
      { presence: 'unknown', rawValue: 'null' },
      { presence: 'absent', rawValue: 'false' },
    ]);
    expect(documents[1]?.names.every(({ proves }) => proves === undefined)).toBe(true);
  });

  it('pairs a listener with nothing that is not in the form of a name', () => {
    const { documents } = explainEvidence('x', {
      pdf: pdf({ listeners: ['RootedDevice', 'RootedDevice…'] }),
      json: unreadable('json'),
    });
    expect(documents[0]?.missingListeners.map(({ protection }) => protection)).toEqual(['Root Detection', undefined]);
  });

  it('names conflicts, unreadable documents and unknown shapes', () => {
    const two = explainEvidence('x', {
      pdf: pdf({ facts: { build_id: [BUILD_ID, OTHER_ID] } }),
      json: json({ facts: { fusion_set_id: OTHER_ID } }),
    });
    expect(two.conflicts).toHaveLength(2);
    const lines = explanationLines(
      explainEvidence('x', { pdf: unreadable('pdf', 'damaged'), json: unknownJson() }),
    ).join('\n');
    expect(lines).toContain('PDF: not read: synthetic: damaged');
    expect(lines).toMatch(/top-level keys\n +build_id +string/u);
  });

  it('prints hostile text on its own line, harmlessly, and no annotation', () => {
    const evidence = {
      pdf: pdf({
        lines: ['x\n::error::y', '\u001b[31mred'],
        facts: { annotation: 'somebody wrote this', app_name: '##vso[task.complete]' },
      }),
      json: unreadable('json'),
    };
    const lines = explanationLines(explainEvidence('a\n::warning::b', evidence));
    expect(lines.some((line) => /^\s*::|##vso|\n/u.test(line) || line.includes('\u001b'))).toBe(false);
    expect(lines.join()).not.toContain('somebody wrote this');
  });

  it('shows the wording that is not understood, for each name and as a whole, and other text that speaks', () => {
    const label = { kind: 'label' as const, text: 'Removed:', document: 'pdf' as const, where: 'page 1 at 65,900' };
    const warning = {
      kind: 'text' as const,
      text: 'No listener for:',
      document: 'pdf' as const,
      where: 'page 1 at 89,600',
    };
    const footnote = { text: 'root_detection was removed', document: 'pdf' as const, where: 'page 1 at 60,40' };
    const reading = pdf({ lines: ['root_detection'] });
    if (!reading.ok) throw new Error(reading.message);
    const [feature] = reading.document.features;
    if (feature === undefined) throw new Error('no feature');
    reading.document.features = [{ ...feature, presence: 'unknown', unread: [label] }];
    reading.document.unread = [label, warning];
    reading.document.listenerDoubts = [warning];
    reading.document.mentions = [{ text: warning.text, document: 'pdf', where: warning.where }, footnote];
    const many = json();
    if (!many.ok) throw new Error(many.message);
    many.document.mentions = Array.from({ length: 50 }, (_, index) => ({
      text: `word ${index}`,
      document: 'json' as const,
      where: `$.k[${index}]`,
    }));

    const explanation = explainEvidence('x', { pdf: reading, json: many });
    expect(explanation.documents[0]).toMatchObject({
      names: [{ presence: 'unknown', unread: [{ kind: 'label', text: 'Removed:', where: 'page 1 at 65,900' }] }],
      unread: [
        { kind: 'label', text: 'Removed:', where: 'page 1 at 65,900' },
        { kind: 'text', text: 'No listener for:', where: 'page 1 at 89,600', listenerDoubt: true },
      ],
      // Unread wording is told once.
      mentions: [{ text: footnote.text, where: footnote.where }],
    });
    expect(explanation.documents[0]?.names[0]).not.toHaveProperty('proves');
    const lines = explanationLines(explanation).join('\n');
    expect(lines).toMatch(/unknown +root_detection +not understood: label "Removed:" \(page 1 at 65,900\)/u);
    expect(lines).toMatch(/text +"No listener for:" +may speak of listeners +page 1 at 89,600/u);
    expect(lines).toMatch(/"root_detection was removed" +page 1 at 60,40/u);
    expect(lines).toContain('and 10 more, which --json shows');
    expect(explanation.documents[1]?.mentions).toHaveLength(50);
  });
});
