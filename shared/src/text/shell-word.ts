/** Not `~` and `=`, which a shell may expand at the start of a word. */
const PLAIN_WORD = /^[\w@%+:,./-]+$/;

/** One word for a POSIX shell. Between single quotes nothing has a meaning, and no quote can stand there. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
