/** Which spellings of a name are one, which texts are plain words, and which names the catalogue gives. */
import { describe, expect, it, vi } from 'vitest';
import { foldName, isPlainWords } from '../../src/certificate/json-names.ts';

/** The set of names is built once per module, so each test that asks about its content takes a new one. */
async function isKnown(text: string): Promise<boolean> {
  vi.resetModules();
  const { isKnownName } = await import('../../src/certificate/json-names.ts');
  return isKnownName(text);
}

describe('a folded name', () => {
  it.each([
    ['root_detection', 'root_detection'],
    ['Root Detection', 'root_detection'],
    ['ROOT-DETECTION', 'root_detection'],
    ['root _-  detection', 'root_detection'],
    ['   root detection', 'root_detection'],
    ['root detection   ', 'root_detection'],
    ['r oot_detection', 'r_oot_detection'],
    ['root_detection_', 'root_detection_'],
    ['-root_detection', '_root_detection'],
    ['\troot_detection\n', '\troot_detection\n'],
    ['Copy/Paste Prevention', 'copy/paste_prevention'],
    ['   ', ''],
  ])('%j is %j', (text, folded) => {
    expect(foldName(text)).toBe(folded);
  });
});

describe('plain words', () => {
  it.each([
    ...[
      'x',
      '7',
      'x2',
      'brand_new',
      'brand-new',
      'Brand New',
      'a - b',
      'a  _b',
      '   brand new',
      'brand new   ',
      'Größe',
    ],
  ])('%j', (text) => {
    expect(isPlainWords(text)).toBe(true);
  });

  it.each([
    ...['', '   ', '-x', 'x-', ' - x', 'x - ', '_x', 'x_', '(x)', 'x.y', 'x\ny', '\tx', 'x\n', 'x y!', '!x y'],
    ...['\uff58', 'Gro\u0308\u00dfe', '\u2460', 'x\u200by', 'x\u00a0y'],
  ])('not %j', (text) => {
    expect(isPlainWords(text)).toBe(false);
  });
});

describe('a name in the catalogue', () => {
  it.each([
    ['a display name whose words are not its key', 'Detect Unknown Sources'],
    ['a display name without a key', 'Block Non-SSL Connections'],
    ['a display name with a sign', 'Copy/Paste Prevention'],
    ['a display name with a trademark sign', 'Appdome ThreatID™'],
    ['the words of such a name', 'appdome_threatid'],
    ['a suggested name without a key', 'Detect Banned Devices'],
    ['a key', 'unknown_sources_detection'],
    ['a Threat-Event', 'RootedDevice'],
    ['blanks around it', '  Root  Detection  '],
  ])('%s is known', async (_, text) => {
    expect(await isKnown(text)).toBe(true);
  });

  it.each([
    ['words of no name', 'brand_new_protection'],
    ['a name broken by a blank', 'r oot_detection'],
    ['a name without its blank', 'detectunknownsources'],
    ['a sign that is not a blank', 'root\u00a0detection'],
    ['a Kelvin sign, which is a k in lower case', 'Detect Un\u212anown Sources'],
    ['a Threat-Event with a sign', '!RootedDevice'],
    ['no text', ''],
    ['the word for nothing', 'undefined'],
  ])('%s is not', async (_, text) => {
    expect(await isKnown(text)).toBe(false);
  });

  it('may be a related key', async () => {
    vi.resetModules();
    const { catalogue } = await import('../../src/catalogue/catalogue.ts');
    const { isKnownName } = await import('../../src/certificate/json-names.ts');
    const related = catalogue.entries.flatMap(({ relatedKeys }) => relatedKeys);
    expect(related.length).toBeGreaterThan(0);
    expect(related.filter((key) => !isKnownName(key))).toEqual([]);
  });
});
