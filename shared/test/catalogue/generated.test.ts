import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue, entryTitle } from '../../src/catalogue/catalogue.ts';
import { compactName } from '../../src/text/normalise.ts';

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
const [source, more] = ['feature-catalog.json', 'catalogue-additions.json'].map((file) =>
  path.join(shared, 'reference', file),
) as [string, string];

/** An entry as the reference and the catalogue both have it, by whatever it is called. */
const named = (name: string) =>
  catalogue.entries.find((entry) => [entry.name, entry.suggestedName, entry.key].includes(name));

describe('the generated catalogue', () => {
  it('has every entry of the reference, each with its confidence', () => {
    if (!existsSync(source) || !existsSync(more)) {
      console.log('skipped: the catalogue against its reference (feature-catalog.json is not here)');
      expect(catalogue.entries.length).toBeGreaterThan(150);
      return;
    }
    const reference = JSON.parse(readFileSync(source, 'utf8'));
    const additions = JSON.parse(readFileSync(more, 'utf8'));
    const count = reference.entries.length + additions.newFeatures.length + additions.newThreatEvents.length;
    expect(catalogue.entries).toHaveLength(count);
    const corrected = new Set(
      additions.updatesToExisting.map(({ entry }: { entry: string }) => entry.replace('~', '')),
    );
    for (const entry of reference.entries) {
      const title = entry.feature ?? entry.key ?? entry.suggestedName;
      if (corrected.has(title)) continue;
      expect(named(title)).toMatchObject({ confidence: entry.confidence, aliases: entry.aliases });
      expect(named(title)?.keyPairing ?? null).toBe(entry.keyPairing);
      expect(named(title)?.events.map(({ name, pairing }) => [name, pairing])).toEqual(
        entry.threatEvents.map(({ name, pairing }: { name: string; pairing: string }) => [name, pairing]),
      );
    }
    for (const { displayName, confidence, platforms, aliases, retired } of additions.newFeatures) {
      expect(named(displayName)).toMatchObject({ confidence, platforms, aliases });
      expect(named(displayName)?.retired?.date ?? null).toBe(retired);
    }
    for (const { threatEvent } of additions.newThreatEvents) {
      expect(catalogue.entries.flatMap(({ events }) => events)).toContainEqual({ name: threatEvent, pairing: 'code' });
    }
  });

  it.each([
    ['Session Risk', { aliases: expect.arrayContaining(['Session Headers', 'Validate Session Risk']) }],
    ['Detect Bank Trojan Apps', { confidence: 'kb', platforms: ['android'] }],
    ['Enforce SHA256 Digest', { confidence: 'kb-old', aliases: [] }],
    ['Prevent App Screen Sharing Scams & Malware', { platforms: ['android', 'ios'] }],
    [
      'Conditional Enforcement',
      { events: [expect.objectContaining({ direction: 'input' }), expect.objectContaining({ direction: 'input' })] },
    ],
    ['Root Detection', { events: [expect.objectContaining({ name: 'RootedDevice', corroborated: true })] }],
    ['In-App Generated Seed', { confidence: 'kb-mention' }],
    ['Shared Secret', { retired: { date: '2023-12-31' } }],
  ])('%s is as the corrections say', (name, facts) => {
    expect(named(name)).toMatchObject(facts);
  });

  it('has no name twice', () => {
    const seen = new Map<string, string>();
    for (const entry of catalogue.entries) {
      const title = entryTitle(entry);
      const names = [
        entry.name,
        entry.key,
        entry.suggestedName,
        ...entry.aliases,
        ...entry.events.map(({ name }) => name),
      ];
      for (const name of names) {
        if (name === undefined) continue;
        expect([name, seen.get(compactName(name)) ?? title]).toEqual([name, title]);
        seen.set(compactName(name), title);
      }
    }
  });

  it('names headings that a certificate may print, and none that one was seen to print', () => {
    expect(catalogue.inferredHeadings).toEqual(
      expect.arrayContaining([
        'Anti Bot',
        'Rate-Limit Connections',
        'Mobile Bot Defense',
        'Geo Compliance',
        'Deepfake Detection',
      ]),
    );
    for (const seen of ['OS Integrity', 'Secure Communication', 'ONEShield™ by Appdome'])
      expect(catalogue.inferredHeadings).not.toContain(seen);
  });

  it('names no source by the tags of the reference', () => {
    expect(JSON.stringify(catalogue)).not.toMatch(/GL-[AIT]\b|PDF\d|\bNIR\b|KB-MCC|\bKB\b|catalogue says|github\.com/);
  });

  it('knows the five wordings of a mode', () => {
    expect(new Set(catalogue.modes.map(({ mode }) => mode))).toEqual(
      new Set(['In-App Detection', 'In-App Defense', 'Threat-Memory', 'Enforce Connection Only']),
    );
    expect(catalogue.modes).toHaveLength(5);
  });
});
