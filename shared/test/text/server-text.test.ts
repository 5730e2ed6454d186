import { errorText, looksLikeHtml, messageOf, oneLine } from '@fusegate/shared/text/server-text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText } from '../support/any-text.ts';

describe('errorText', () => {
  it.each<[string, string]>([
    [
      '{"statusCode":400,"error":"Bad Request","message":"Invalid request payload input"}',
      'Invalid request payload input',
    ],
    ['{"message":{"text":"Keystore password is wrong"},"error":"x"}', 'Keystore password is wrong'],
    ['{"status":"error","error":"Unsupported file"}', 'Unsupported file'],
    ['{"message":"  ","error":"Unsupported file"}', 'Unsupported file'],
    ['{"code":7}', '{"code":7}'],
    ['[1,2]', '[1,2]'],
    ['null', 'null'],
    ['plain text', 'plain text'],
    ['', ''],
    ['<html><body>Sign in</body></html>', 'an HTML page'],
    ['  <!DOCTYPE html><p>x', 'an HTML page'],
    [
      '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
      'Request has expired',
    ],
    ['line one\nline two\r\n\u001b[31mred', 'line one line two [31mred'],
  ])('%j → %j', (body, expected) => {
    expect(errorText(body)).toBe(expected);
  });

  it('is one printable line of at most 500 characters, whatever comes', () => {
    const anything = fc.oneof(
      anyText({ maxLength: 2000 }),
      fc.record({ message: anyText({ maxLength: 2000 }) }).map((each) => JSON.stringify(each)),
    );
    fc.assert(
      fc.property(anything, (body) => {
        const text = errorText(body);
        expect(Array.from(text).length).toBeLessThanOrEqual(500);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what this is about
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      }),
    );
  });
});

describe('oneLine', () => {
  it('cuts at a whole character', () => {
    expect(oneLine('😀😀😀', 2)).toBe('😀…');
    expect(oneLine('abc', 3)).toBe('abc');
  });
});

describe('messageOf', () => {
  it('finds nothing in what is no object', () => {
    for (const value of [undefined, null, 3, 'x', [], {}, { message: 3 }, { message: { text: 3 } }]) {
      expect(messageOf(value, (text) => text)).toBeUndefined();
    }
  });
});

describe('looksLikeHtml', () => {
  it('does not take storage XML or JSON for HTML', () => {
    expect(looksLikeHtml('<?xml version="1.0"?><Error/>')).toBe(false);
    expect(looksLikeHtml('{"html":"<html>"}')).toBe(false);
    expect(looksLikeHtml('\uFEFF\n<HTML lang=en>')).toBe(true);
  });
});
