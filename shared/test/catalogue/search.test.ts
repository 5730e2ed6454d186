import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/catalogue/catalogue.ts';
import { searchCatalogue } from '../../src/catalogue/search.ts';

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
    expect(rows).toHaveLength(catalogue.entries.length);
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
      provable: true,
      key: 'secure_communication',
      note: expect.stringContaining('does not prove it'),
    });
    expect(searchCatalogue('Detect Frida')[0]).toMatchObject({ provable: false, confidence: 'code' });
    expect(searchCatalogue('Mobile Client Certificates')[0]).toMatchObject({
      provable: false,
      retired: '2023-12-31',
      note: expect.stringContaining('Mobile Bot Defense'),
    });
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
