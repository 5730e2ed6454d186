/**
 * Mutation testing skips sentences. Tests of the reports notice a changed message where the words matter; here it would only count words.
 *
 * A string counts as a sentence if it has a blank between words. All other strings are mutated, because codes, outcomes, and names of facts
 * and modes decide.
 */

/** @param {string} text */
const isSentence = (text) => /\S\s+\S|\S\s$|^\s\S/u.test(text);

/**
 * The shape of a Stryker plugin of kind `Ignore` (https://stryker-mutator.io/docs/stryker-js/disable-mutants/#using-an-ignore-plugin).
 * @param {{ node: { type: string, value?: unknown, quasis?: Array<{ value: { raw: string } }> } }} path
 */
function shouldIgnore({ node }) {
  const texts =
    node.type === 'StringLiteral' && typeof node.value === 'string'
      ? [node.value]
      : node.type === 'TemplateLiteral'
        ? (node.quasis ?? []).map(({ value }) => value.raw)
        : [];
  return texts.some(isSentence) ? 'a sentence for people' : undefined;
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'prose', value: { shouldIgnore } }];
