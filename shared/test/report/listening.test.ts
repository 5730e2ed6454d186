/** "Does the app listen?" on a page: what failed is red, the same fact is told once, and no name is cut away. */
import { describe, expect, it } from 'vitest';
import type { FusegateResult } from '../../src/model/result.ts';
import { renderHtml } from '../../src/report/html/render-html.ts';
import { cutToTable, listenedEvents, newFindings } from '../../src/report/listening.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { withholdNames } from '../../src/report/withhold-names.ts';
import { pdf, unknownJson } from '../policy/synthetic-evidence.ts';
import { bodyText } from './html-document.ts';
import { readMarkdown } from './markup.ts';
import { listeningResult, redResult } from './sample-results.ts';
import { resultOf } from './synthetic-result.ts';

const twelve = listeningResult(12);
const FAILED = ['DebuggerThreatDetected', 'RootedDevice', 'UnknownSourcesEnabled', 'DeveloperOptionsEnabled'];
const page = (result: FusegateResult) => renderHtml(result, { detail: 'full' });
const sectionOf = (result: FusegateResult, id: string) =>
  new RegExp(`<(?:section|details) id="${id}".*?(?=<(?:section|details) id=|</main>)`, 'su').exec(page(result))?.[0] ??
  '';
const rowOf = (markup: string, name: string) =>
  markup.split('<tr').find((row) => row.includes(`<code>${name}</code>`)) ?? '';

describe('what a requirement failed for', () => {
  it('is red in the table, as it is above, and comes first', () => {
    const events = listenedEvents(twelve, twelve);
    expect(events.filter(({ failed }) => failed).map(({ name }) => name)).toEqual(expect.arrayContaining(FAILED));
    expect(events.slice(0, FAILED.length).every(({ failed }) => failed)).toBe(true);
    expect(rowOf(sectionOf(twelve, 'listening'), 'RootedDevice')).toContain('class="chip bad"');
    expect(renderMarkdown(twelve, { detail: 'full' })).toMatch(/❌ `RootedDevice`/u);
  });

  it('is red without its name, too', () => {
    const shown = withholdNames(twelve);
    expect(listenedEvents(shown, twelve).filter(({ failed }) => failed)).toHaveLength(FAILED.length);
  });

  it('is no more than a warning where no requirement failed for it', () => {
    const green = { ...resultOf({}), listening: twelve.listening };
    expect(listenedEvents(green, green).some(({ failed }) => failed)).toBe(false);
    expect(rowOf(sectionOf(green, 'listening'), 'RootedDevice')).toContain('class="chip warn"');
  });
});

describe('the same fact', () => {
  const warning = (code: string, ...names: string[]): FusegateResult['findings'][number] => ({
    code,
    level: 'warning',
    message: `The app does not listen for ${names.join(', ')}`,
    hint: 'Add them.',
  });

  it('is no warning where a failure says it of every event', () => {
    const said = warning('listener.not-found', 'RootedDevice', 'DebuggerThreatDetected');
    const more = warning('listener.missing', 'RootedDevice', 'EmulatorFound');
    const other = warning('feature.not-enforced', 'RootedDevice');
    const found = newFindings({ ...twelve, findings: [said, more, other] });
    expect(found).toEqual([more, other]);
  });

  it('is not listed again below the table', () => {
    const words = /Threat-Events without a listener/u;
    for (const text of [page(redResult()), renderMarkdown(redResult(), { detail: 'full' })])
      expect(text).toMatch(words);
    for (const text of [page(twelve), renderMarkdown(twelve, { detail: 'full' })]) expect(text).not.toMatch(words);
    const besides = { ...twelve, certificate: { ...twelve.certificate, missingListeners: ['OverlayDetected'] } };
    expect(page(besides)).toMatch(words);
  });
});

describe('a message that lists many events', () => {
  const labels = (twelve.listening?.events ?? []).map(({ name, protection }) => `${name} (${protection})`);

  it('names some, counts the rest, and keeps what stands around them', () => {
    const cut = cutToTable(`Not heard: ${labels.join(', ')}. Nothing was uploaded`, twelve);
    expect(cut).toBe(
      `Not heard: ${labels.slice(0, 3).join(', ')} and 9 more, see the table below. Nothing was uploaded`,
    );
  });

  it.each([
    ['few', labels.slice(0, 4).join(', ')],
    ['with other words between them', labels.join(' and ')],
    ['of none', 'Root Detection is missing'],
  ])('stays as it is: %s', (_, message) => {
    expect(cutToTable(message, twelve)).toBe(message);
  });
});

describe('the table', () => {
  it('has a column for places only where there is one, and all of them up to a limit', () => {
    expect(bodyText(sectionOf(listeningResult(1), 'listening'))).not.toContain('Where');
    const row = rowOf(sectionOf(twelve, 'listening'), 'DeveloperOptionsEnabled');
    expect(row).toContain('assets/index.android.bundle');
    expect(row).toMatch(/and 1 more in fusegate-result\.json/u);
  });

  it('says once what cannot be read, above the rows', () => {
    const text = bodyText(sectionOf(twelve, 'listening'));
    expect(text.match(/classes5\.dex/gu)).toHaveLength(1);
    expect(text.indexOf('classes5.dex')).toBeLessThan(text.indexOf('SslIncompatibleVersion'));
    expect(readMarkdown(renderMarkdown(twelve, { detail: 'full' })).match(/classes5\.dex/gu)).toHaveLength(1);
  });

  it('counts one event as one', () => {
    expect(bodyText(sectionOf(listeningResult(1), 'listening'))).toContain('0 of 1 Threat-Event registered.');
  });
});

describe('a red page', () => {
  const red = redResult();

  it('does not say that the file is not signed yet; a green one does', () => {
    const unconfirmed = {
      binding: { level: 'unconfirmed' as const, message: 'not yet' },
      findings: [{ code: 'binding.unconfirmed', level: 'note' as const, message: 'Not signed yet', hint: 'Sign it.' }],
    };
    for (const text of [
      page({ ...red, ...unconfirmed }),
      renderMarkdown({ ...red, ...unconfirmed }, { detail: 'full' }),
    ])
      expect(text).not.toMatch(/Signed file|binding\.unconfirmed/u);
    const green = resultOf({}, unconfirmed);
    for (const text of [page(green), renderMarkdown(green, { detail: 'full' })])
      expect(text).toMatch(/Signed file[\s\S]*binding\.unconfirmed/u);
  });

  it('has the next step of a warning apart from it, in words that stand out', () => {
    const finding = {
      code: 'server.x',
      level: 'warning' as const,
      message: 'It is synthetic',
      hint: 'For a release, sign.',
    };
    expect(page({ ...red, findings: [finding] })).toContain(
      'It is synthetic. <strong>What to do:</strong> For a release, sign.',
    );
  });

  it('names certificate authorities with the build, not beside the verdict', () => {
    const behind = { ...red, transport: { extraCaSha256: 'c'.repeat(64) } };
    expect(sectionOf(behind, 'verdict')).not.toContain('NODE_EXTRA_CA_CERTS');
    expect(sectionOf(behind, 'identity')).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('shows the mode that a rule asks for as a tag beside the name', () => {
    const section = sectionOf(twelve, 'required');
    expect(section).not.toContain('threat-events: in-app-detection');
    expect(section).toContain('<span class="tag">Detection</span>');
  });

  it('has no column without content among the protections', () => {
    const tables = sectionOf(red, 'protections').split('<table');
    const of = (name: string) => tables.find((table) => table.includes(`Protections: ${name}`)) ?? '';
    expect(of('OS Integrity')).toContain('Policy');
    expect(of('Secure Communication')).not.toContain('Policy');
    const none = resultOf({ require: ['key: absent'], pdf: pdf({ lines: ['openssl'] }), json: unknownJson() });
    expect(sectionOf(none, 'protections')).not.toContain('Policy');
  });
});
