/** What is wrong with a Groovy snippet, as far as can be told without a compiler: brackets, quotes, and what it says to our step. */
import { optionOfInput } from '@fusegate/shared/options/spelling';
import { JENKINS } from '@fusegate/shared/options/systems/jenkins';

/** Of the step in jenkins-shim/vars/fusegate.groovy, beside the options. */
const OWN = new Set(['credentials', 'fileCredentials', 'unstable', 'junit', 'archive', 'node']);
const CLOSES: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** @returns the code without the content of texts and comments, or undefined for a text that never ends */
function withoutTexts(code: string): string | undefined {
  const plain = code.replaceAll(/\/\/.*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/gm, (found) =>
    found.startsWith('/') ? '' : "''",
  );
  return /['"]/.test(plain.replaceAll("''", '')) ? undefined : plain;
}

/** For any language that has these brackets. */
export function bracketProblems(plain: string): string[] {
  const open: string[] = [];
  for (const sign of plain.replaceAll(/[^()[\]{}]/g, '')) {
    const opener = CLOSES[sign];
    if (opener === undefined) open.push(sign);
    else if (open.pop() !== opener) return [`a ${sign} that closes nothing`];
  }
  return open.map((sign) => `a ${sign} that is never closed`);
}

export function groovyProblems(code: string): string[] {
  const plain = withoutTexts(code);
  if (plain === undefined) return ['a text that never ends'];
  const calls = [...plain.matchAll(/fusegate\(((?:[^()]|\([^()]*\))*)\)/g)].map(([, call]) => call ?? '');
  // Names inside a list belong to it: `credentials: [apiKey: …]` is by option, too.
  const names = calls.flatMap((call) => [...call.matchAll(/(\w+):/g)].map(([, name]) => name ?? ''));
  return [
    ...bracketProblems(plain),
    ...names.filter((name) => !isArgument(name)).map((name) => `fusegate() has no argument ${name}`),
  ];
}

function isArgument(name: string): boolean {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return OWN.has(name) || [kebab, name].some((each) => optionOfInput(each, JENKINS) !== undefined);
}
