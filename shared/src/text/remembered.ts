/** Names of certificates, policies and the catalogue are shorter; other texts are rarely met twice. */
const LONGEST = 200;
const MOST = 5000;

/**
 * @param make pure
 * @returns the same function, which remembers its results for up to 5,000 texts: rules, facts and the catalogue compare the same names again
 * and again
 */
export function remembered(make: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = make(text);
    if (text.length > LONGEST) return made;
    if (known.size >= MOST) known.clear();
    known.set(text, made);
    return made;
  };
}
