import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { normaliseName, resolveName } from '../../src/catalogue/names.ts';
import { searchCatalogue } from '../../src/catalogue/search.ts';
import { SYNONYMS } from '../../src/catalogue/synonyms.ts';

describe('searchCatalogue', () => {
  it.each([
    ['root', 'Root Detection'],
    ['root_detection', 'Root Detection'],
    ['RootedDevice', 'Root Detection'],
    ['mitm', 'Prevent MiTM Attacks'],
    ['jailbreak', 'Jailbreak Detection'],
    ['smali', 'smali_obfuscation'],
    ['Malicious Proxy Detection', 'Proxy Detection'],
    ['certificate pinning', 'Certificate Pinning'],
  ])('%s finds %s first', (query, name) => {
    expect(searchCatalogue(query)[0]?.name).toBe(name);
  });

  it('an empty query lists everything, the best proven first', () => {
    const rows = searchCatalogue();
    const bareKeys = catalogue.entries.filter(({ keyPairing }) => keyPairing === 'inferred').length;
    expect(rows).toHaveLength(catalogue.entries.length + bareKeys);
    expect(rows[0]?.confidence).toBe('certificate');
    expect(rows.at(-1)?.confidence).toBe('code');
    expect(rows.every((row) => row.name !== '')).toBe(true);
  });

  it('a query that matches nothing finds nothing', () => {
    expect(searchCatalogue('xyzzy quux')).toEqual([]);
    expect(searchCatalogue('q'.repeat(50_000))).toEqual([]);
  });

  it('a platform leaves out what was seen on the other one only', () => {
    expect(searchCatalogue('root', { platform: 'ios' }).map(({ name }) => name)).not.toContain('Root Detection');
    expect(searchCatalogue('root', { platform: 'android' })[0]?.name).toBe('Root Detection');
    // Nothing says on which platforms this one exists.
    expect(searchCatalogue('hooking', { platform: 'ios' }).map(({ name }) => name)).toContain(
      'Detect Hooking Frameworks',
    );
  });

  it('says what a row is worth', () => {
    expect(searchCatalogue('Prevent MiTM Attacks')[0]).toMatchObject({
      lookedFor: ['Prevent MiTM Attacks', 'prevent_mitm_attacks'],
      seenNear: ['secure_communication'],
      note: expect.stringContaining('does not prove it'),
    });
    expect(searchCatalogue('Prevent MiTM Attacks')[0]).not.toHaveProperty('key');
    expect(searchCatalogue('secure_communication')[0]).toMatchObject({
      name: 'secure_communication',
      key: 'secure_communication',
      component: true,
    });
    expect(searchCatalogue('Detect Frida')[0]).toMatchObject({
      printing: 'not-seen',
      confidence: 'code',
      note: expect.stringContaining('detect_frida'),
    });
    expect(searchCatalogue('Mobile Client Certificates')[0]).toMatchObject({
      retired: { date: '2023-12-31', successor: 'Mobile Bot Defense' },
      note: expect.stringContaining('Mobile Bot Defense'),
    });
  });

  it('agrees with the gate: what a row shows as key or as looked for proves its name, and nothing else does', () => {
    for (const row of searchCatalogue()) {
      const resolution = resolveName(row.name);
      if (row.retired) expect(resolution.kind).toBe('retired');
      else {
        if (resolution.kind !== 'known') throw new Error(`${row.name} is ${resolution.kind}`);
        const proofs = resolution.proofs.map(normaliseName);
        expect(new Set(row.lookedFor.map(normaliseName))).toEqual(new Set(proofs));
        if (row.key !== undefined) expect(proofs).toContain(normaliseName(row.key));
        for (const key of row.seenNear) expect(proofs).not.toContain(normaliseName(key));
      }
    }
  });

  it('answers every name that people use as the gate does', () => {
    for (const { said } of SYNONYMS) {
      for (const name of said) {
        for (const platform of [undefined, 'android', 'ios'] as const) {
          const found = searchCatalogue(name, platform ? { platform } : {}).map((row) => row.name);
          const meant = resolveName(name, platform);
          if (meant.kind === 'choice') expect([name, found.slice(0, meant.names.length)]).toEqual([name, meant.names]);
          if (meant.kind === 'known') expect([name, found[0]]).toEqual([name, meant.feature.name]);
        }
      }
    }
  });

  it.each(['App Integrity Check', 'Integrity Protection', 'integrity protect', 'RASP', 'Code Obfuscation'])(
    '%s leads to protections, not to a component or to something else',
    (query) => {
      const [first] = searchCatalogue(query);
      expect(first).toMatchObject({ component: false });
      expect(searchCatalogue(query).map(({ name }) => name)).not.toContain('Block SSL Pinning Bypass');
    },
  );

  it('finds a component by its own name, and behind protections otherwise', () => {
    expect(searchCatalogue('os_integrity')[0]?.name).toBe('os_integrity');
    const rows = searchCatalogue('secure communication tls').map(({ name }) => name);
    expect(rows.indexOf('secure_communication_tls_1_2')).toBeLessThan(rows.indexOf('secure_communication'));
  });

  it('finds a protection by what people say', () => {
    expect(searchCatalogue('Frida Detection')[0]?.name).toBe('Detect Frida');
    expect(searchCatalogue('ssl pinning')[0]?.name).toBe('Certificate Pinning');
  });
});

it.each([
  ['jailbrake', 'Jailbreak Detection'],
  ['roott', 'Root Detection'],
  ['emulatr', 'Prevent Running on Emulators'],
])('finds %s misspelt', (query, name) => {
  expect(searchCatalogue(query).map((row) => row.name)).toContain(name);
});

it('finds nothing for what is no name', () => {
  expect(searchCatalogue('xyzzyplugh')).toEqual([]);
});
