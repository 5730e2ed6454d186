/** What is wrong with a part of a Fastfile: brackets, options that the action does not have, outputs that it does not set. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './child-process.ts';
import { bracketProblems } from './groovy-problems.ts';

const action = readFileSync(path.join(ROOT, 'recipes/fastlane/actions/fusegate.rb'), 'utf8');
const names = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, name = '']) => name);
const OPTIONS = names(/key: :(\w+)/g, action);
const OUTPUTS = names(/^ +(FUSEGATE_\w+) = /gm, action);

export function rubyProblems(text: string): string[] {
  const given = names(/\bfusegate\(([^()]*)\)/g, text).flatMap((words) => names(/(?:^|[\s,])(\w+):(?= )/g, words));
  return [
    ...bracketProblems(text),
    ...given.filter((name) => !OPTIONS.includes(name)).map((name) => `the action has no ${name}`),
    ...names(/SharedValues::(FUSEGATE_\w+)/g, text)
      .filter((name) => !OUTPUTS.includes(name))
      .map((name) => `the action sets no ${name}`),
  ];
}
