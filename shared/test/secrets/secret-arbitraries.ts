/** Secrets of every kind and length, and the forms in which they turn up in texts. Written down here, and not taken from the masker. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';

const bytes = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max }).map((each) => Buffer.from(each));

/** Bytes that look random, in no time: for lengths that would take fast-check long to draw. */
export function manyBytes(length: number, seed: number): Buffer {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 64 < length; block += 1) {
    blocks.push(createHash('sha512').update(`${seed} ${block}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function pem(content: Buffer, lineEnd: string): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join(lineEnd);
}

const lineEnd = fc.constantFrom('\n', '\r\n');

/** From one byte up. */
export const anySecret: fc.Arbitrary<string> = fc.oneof(
  fc.string({ minLength: 1, maxLength: 5 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom('password', 'Pass', 'warning', 'satisfied', 'orange', 'Orange', '12345678', 'deadbeef', 'sun', 'ü€'),
  fc.constantFrom('android', 'changeit', 'AndroidDebugKey'),
  bytes(64).map((each) => each.toString('latin1')),
  bytes(64).map((each) => each.toString('base64')),
  fc.tuple(bytes(200), lineEnd).map(([content, end]) => pem(content, end)),
  fc
    .array(fc.constantFrom('correct', 'horse', 'battery', 'staple'), { minLength: 2, maxLength: 6 })
    .map((words) => words.join(' ')),
  fc.array(fc.string({ maxLength: 20 }), { minLength: 2, maxLength: 5 }).map((lines) => lines.join('\n')),
);

/** Long or mixed enough that no text has it by chance: masked wherever it occurs. No text of these tests can spell a part of it. */
export const strongSecret: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...'abcXYZ0189+/=?&"\\<>\' ü€😀.$^()[]{}|-_~!%'), minLength: 4, maxLength: 40 }),
    bytes(64).map((each) => each.toString('base64')),
    bytes(64).map((each) => each.toString('hex')),
  )
  .map((text) => `Q7${text}Z9`);

const base64 = (before: string, text: string, after: string) => Buffer.from(before + text + after).toString('base64');
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) => encodeURIComponent(Buffer.from(text).toString());

/**
 * How a text gets into another one. Base64 of a longer text has the secret in its middle: up to AROUND characters at each end are not the
 * secret's alone.
 */
export const AROUND = 8;
export const WRITINGS: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  base64: (secret) => base64('', secret, ''),
  'base64 at offset 1': (secret) => base64('x', secret, 'yz'),
  'base64 at offset 2': (secret) => base64('xx', secret, 'y'),
  'base64 of credentials': (secret) => base64('user:', secret, '@h'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'upper-case hex': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'in a URL': percent,
  'in a URL, lower-case': (secret) => percent(secret).replace(/%../g, (octet) => octet.toLowerCase()),
  'in a form': (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  'in JSON': json,
  'in JSON in JSON': (secret) => json(json(secret)),
  'in XML': (secret) =>
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
};
