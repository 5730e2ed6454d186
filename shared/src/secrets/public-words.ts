/**
 * Passwords that hide nothing: what tools document as their default, and what people write in its place, all words of our own texts. To mask
 * one would tear those texts, show the reader which word it is, and make a CI system drop each output whose path has that word in it.
 */
const PUBLIC_WORDS: ReadonlySet<string> = new Set([
  // The debug keystore of the Android SDK (developer.android.com/studio/publish/app-signing#debug-mode), and Java's own default.
  'android',
  'androiddebugkey',
  'changeit',
  // The words beside it in a build file, and its build types.
  'alias',
  'keypass',
  'keystore',
  'password',
  'secret',
  'storepass',
  'debug',
  'release',
  'upload',
  // What results and their headlines say.
  'app',
  'build',
  'error',
  'fail',
  'gate',
  'ios',
  'pass',
  'run',
  'sign',
  'validate',
  'verify',
  'warn',
]);

/** Such a word is not a secret. */
export function isPublicWord(secret: string): boolean {
  return PUBLIC_WORDS.has(secret.trim().toLowerCase());
}
