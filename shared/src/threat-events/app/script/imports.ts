/** What a module imports before it runs. */
import type { Parse } from './parse.ts';

/** @returns undefined if it does not parse */
export function importsOf(text: string, parse: Parse): string[] | undefined {
  return parse(text, true)?.body.flatMap((statement) => {
    const isImport =
      statement.type === 'ImportDeclaration' ||
      statement.type === 'ExportAllDeclaration' ||
      statement.type === 'ExportNamedDeclaration';
    return isImport && statement.source ? [String(statement.source.value)] : [];
  });
}
