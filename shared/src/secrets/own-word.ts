import { ownWords } from './own-words.ts';

/**
 * Passwords that hide nothing: what tools document as their default. The debug keystore of the Android SDK
 * (developer.android.com/studio/publish/app-signing#debug-mode), and Java's own trust store.
 */
const PUBLIC_PASSWORDS: ReadonlySet<string> = new Set(['android', 'androiddebugkey', 'changeit']);

let words: ReadonlySet<string> | undefined;

/** Such a password is not a secret. */
export function isPublicPassword(secret: string): boolean {
  return PUBLIC_PASSWORDS.has(secret.trim().toLowerCase());
}

/**
 * Whether our own texts use this word, or each of these words: `Root Detection`. To mask it there would tear those texts, show the reader which word it is, and make a CI system drop
 * each output that has the word in it. In foreign text it is masked like any secret.
 */
export function isOwnWord(text: string): boolean {
  words ??= new Set(ownWords().trim().split(/\s+/));
  const own = words;
  const folded = text.trim().toLowerCase();
  if (own.has(folded)) return true;
  // Shorter words are in no list of ours.
  const isShort = (part: string) => /^\p{L}{1,2}$/u.test(part);
  const [first = ''] = /^[^\s-]*/u.exec(folded) ?? [];
  // Most texts end here: a key has as many lines as there are words in a page.
  if (!own.has(first) && !isShort(first)) return false;
  const parts = folded.split(/[\s-]+/).filter((part) => !isShort(part));
  return parts.length > 0 && folded.length > (parts[0]?.length ?? 0) && parts.every((part) => own.has(part));
}
