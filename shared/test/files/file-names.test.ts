import path from 'node:path';
import { kindOfName, outputKindOfName, safeFileName, withoutAppExtension } from '@fusegate/shared/files/file-names';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../support/any-text.ts';

describe('safeFileName', () => {
  it.each([
    ['shop-1.2', 'shop-1.2'],
    ['Größe 購入', 'Größe 購入'],
    ['a/b/c', 'c'],
    ['C:\\temp\\c', 'c'],
    ['../..', 'fallback'],
    ['..', 'fallback'],
    ['', 'fallback'],
    ['   ', 'fallback'],
    ['.hidden', 'hidden'],
    ['name.', 'name'],
    ['a<b>:"|?*c', 'a_b______c'],
    ['a\u0000b\u001b[31mc\u202e', 'ab[31mc'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['console', 'console'],
    ['com1', '_com1'],
  ])('%j → %j', (name, expected) => {
    expect(safeFileName(name, 'fallback')).toBe(expected);
  });

  it('is one harmless file name, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(anyText({ maxLength: 500 }), fc.string({ maxLength: 500 })), (name) => {
        const safe = safeFileName(name, 'fallback');
        expect(safe).not.toBe('');
        expect(path.basename(safe)).toBe(safe);
        expect(path.win32.basename(safe)).toBe(safe);
        expect(path.resolve('/out', safe)).toBe(`/out/${safe}`);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(201);
        expect(safe).not.toMatch(/^[\s.]|[\s.]$/);
      }),
    );
  });
});

describe('withoutAppExtension', () => {
  it.each([
    ['shop.apk', 'shop'],
    ['shop.v2.AAB', 'shop.v2'],
    ['shop.txt', 'shop.txt'],
    ['apk', 'apk'],
  ])('%s → %s', (name, expected) => {
    expect(withoutAppExtension(name)).toBe(expected);
  });
});

describe('the kind of an app by its name', () => {
  it.each([
    ['a.apk', 'apk'],
    ['A.B.AAB', 'aab'],
    ['folder.aar/x.ipa', 'ipa'],
    ['C:\\apps\\x.aar', 'aar'],
    ['x.zip', 'zip'],
    ['x.exe', undefined],
    ['x.apk.sh', undefined],
    ['x.apk/app', undefined],
    ['apk', undefined],
    ['.', undefined],
    ['', undefined],
    ['x.constructor', undefined],
  ])('of %s is %s', (name, kind) => {
    expect(kindOfName(name)).toBe(kind);
    expect(withoutAppExtension(name)).toBe(kind === undefined ? name : name.slice(0, -4));
  });

  it('knows the script of Auto-DEV private signing as an output only', () => {
    expect(outputKindOfName('sign.SH')).toBe('sh');
    expect(kindOfName('sign.sh')).toBeUndefined();
  });
});
