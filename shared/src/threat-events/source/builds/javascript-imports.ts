/** What a script, a page or a package imports, without a parser: every text that could be a path. */

/** Of one path. */
const LONGEST = 300;
const TEXT = new RegExp(`["'\`]([^"'\`\\s]{1,${LONGEST}})["'\`]`, 'gu');

export function importsIn(text: string): Set<string> {
  const found = new Set<string>();
  // The end of one text can be the beginning of the next.
  for (let match = TEXT.exec(text); match; match = TEXT.exec(text)) {
    found.add((match[1] ?? '').replace(/[?#].*$/u, ''));
    TEXT.lastIndex -= 1;
  }
  return found;
}

/** The files with which a package begins. */
export function mainsIn(packageJson: string): string[] {
  try {
    const fields = JSON.parse(packageJson);
    return ['main', 'module', 'react-native']
      .map((field) => fields?.[field])
      .filter((one) => typeof one === 'string')
      .map((one) => `./${one.replace(/^\.\//u, '')}`);
  } catch {
    return [];
  }
}
