/** Secrets that a test plants and then looks for, in every form in which they could turn up. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Quotes, blanks, signs of shells and of workflow commands, letters beyond ASCII: what careless code breaks on or leaks by. */
export function canary(name: string): string {
  return `cnry-${name}-"q'ü$HOME%0A;${'`'}b${'`'} ${name.length}x7Kq9`;
}

/** What a secret becomes in a log without anybody meaning it. */
function formsOf(secret: string): Array<[string, string]> {
  const bytes = Buffer.from(secret, 'utf8');
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    ['in clear', secret],
    ['base64', bytes.toString('base64')],
    ['base64 without padding', bytes.toString('base64').replaceAll('=', '')],
    ['base64url', bytes.toString('base64url')],
    ['hex', bytes.toString('hex')],
    ['URL-encoded', encodeURIComponent(secret)],
    ['form-encoded', encodeURIComponent(secret).replaceAll('%20', '+')],
    ['JSON-escaped', json],
    ['JSON-escaped twice', JSON.stringify(json).slice(1, -1)],
  ];
}

export interface Place {
  where: string;
  text: string;
}

/** Every file below a folder, as bytes. */
export function filesBelow(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const file = path.join(folder, name);
    return lstatSync(file).isFile() ? [{ where: file, text: readFileSync(file, 'latin1') }] : [];
  });
}

/** @returns where each secret turns up, and how; empty where none does */
export function leaks(secrets: Readonly<Record<string, string>>, places: readonly Place[]): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap(([form, text]) => {
      // Files are read byte by byte, streams as text: either may hold it.
      const bytes = Buffer.from(text, 'utf8').toString('latin1');
      return places
        .filter((place) => place.text.includes(text) || place.text.includes(bytes))
        .map(({ where }) => `${name} ${form} in ${where}`);
    }),
  );
}
