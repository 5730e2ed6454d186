import { stringify } from 'yaml';
import { GENERATED } from './cli-package.ts';

/**
 * A generated YAML file. Scripts stay readable, and nothing is folded.
 * @param about a comment, one line
 */
export function yamlText(about: string, ...documents: readonly unknown[]): string {
  const texts = documents.map((document) =>
    // The words that YAML 1.1 takes for booleans get quotes: GitLab's parser does, and others may.
    stringify(document, { version: '1.1', lineWidth: 0, blockQuote: 'literal', aliasDuplicateObjects: false }),
  );
  return `${GENERATED}# ${about}\n${texts.join('---\n')}`;
}
