import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';

const shared = process.env.FUSEGATE_SHARED_DIR ?? path.join(import.meta.dirname, '../../../../shared');
const source = path.join(shared, 'reference', 'feature-catalog.json');

describe('the generated catalogue', () => {
  it('has every entry of the reference, each with its confidence', () => {
    if (!existsSync(source)) {
      console.log('skipped: the catalogue against its reference (feature-catalog.json is not here)');
      expect(catalogue.entries.length).toBeGreaterThan(100);
      return;
    }
    const reference = JSON.parse(readFileSync(source, 'utf8'));
    const titles = (entries: Array<Record<string, unknown>>, name: string) =>
      entries.map((entry) => [entry[name] ?? null, entry.key ?? null, entry.keyPairing ?? null, entry.confidence]);
    expect(titles(catalogue.entries as never, 'name')).toEqual(titles(reference.entries, 'feature'));
    const events = (entries: Array<Record<string, unknown>>, list: string) =>
      entries.flatMap((entry) =>
        ((entry[list] ?? []) as Array<{ name: string; pairing: string }>).map(({ name, pairing }) => [name, pairing]),
      );
    expect(events(catalogue.entries as never, 'events')).toEqual(events(reference.entries, 'threatEvents'));
  });

  it('names no source by the tags of the reference', () => {
    expect(JSON.stringify(catalogue)).not.toMatch(/GL-[AIT]\b|PDF\d|\bNIR\b|KB-MCC|github\.com/);
  });

  it('knows the five wordings of a mode', () => {
    expect(new Set(catalogue.modes.map(({ mode }) => mode))).toEqual(
      new Set(['In-App Detection', 'In-App Defense', 'Threat-Memory', 'Enforce Connection Only']),
    );
    expect(catalogue.modes).toHaveLength(5);
  });
});
