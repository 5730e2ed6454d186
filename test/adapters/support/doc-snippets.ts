/** The snippets of a page in docs/, for tests of what stands in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './child-process.ts';

/** @param page in docs/ */
export function snippets(page: string, language: string): string[] {
  const text = readFileSync(path.join(ROOT, 'docs', page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');
}

/** Every object below a value that has the key. */
export function having(value: unknown, key: string): Array<Record<string, unknown>> {
  if (Array.isArray(value)) return value.flatMap((each) => having(each, key));
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.keys(value).some((each) => each === key) ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((each) => having(each, key))];
}
