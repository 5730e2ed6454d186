/** The old form of property lists, in which Xcode keeps its projects. */

export type Value = string | Value[] | { [key: string]: Value };

/** What Xcode writes is seven deep. */
const DEEPEST = 40;

/** @returns undefined if the text is something else */
export function parsePropertyList(text: string): Value | undefined {
  const tokens = tokensOf(text);
  let next = tokens.next().value;
  const take = () => {
    const taken = next;
    next = tokens.next().value;
    return taken;
  };
  const isNext = (sign: string) => next?.isSign === true && next.text === sign;
  const value = (depth: number): Value | undefined => {
    const first = take();
    if (first === undefined || depth > DEEPEST) return undefined;
    if (!first.isSign) return first.text;
    if (first.text === '(') return list(depth);
    return first.text === '{' ? dictionary(depth) : undefined;
  };
  const list = (depth: number): Value[] | undefined => {
    const found: Value[] = [];
    while (!isNext(')')) {
      const one = value(depth + 1);
      if (one === undefined) return undefined;
      found.push(one);
      if (isNext(',')) take();
      else if (!isNext(')')) return undefined;
    }
    take();
    return found;
  };
  const dictionary = (depth: number): Value | undefined => {
    const found = new Map<string, Value>();
    while (!isNext('}')) {
      const key = take();
      if (key === undefined || key.isSign || !isNext('=')) return undefined;
      take();
      const one = value(depth + 1);
      if (one === undefined || !isNext(';')) return undefined;
      take();
      found.set(key.text, one);
    }
    take();
    return Object.fromEntries(found);
  };
  return value(0);
}

/** Ends at the first character that has no place in such a list. */
function* tokensOf(text: string): Generator<{ text: string; isSign: boolean }, undefined> {
  const token = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+|"((?:[^"\\]|\\[\s\S])*)"|([\w./$+:@~-]+)|([{}()=;,])|[\s\S]/gu;
  for (const [whole, quoted, plain, sign] of text.matchAll(token)) {
    if (sign !== undefined) yield { text: sign, isSign: true };
    const word = plain ?? quoted?.replaceAll(/\\([\s\S])/gu, '$1');
    if (word !== undefined) yield { text: word, isSign: false };
    else if (sign === undefined && !/^(?:\s|\/[/*])/u.test(whole)) return undefined;
  }
  return undefined;
}

export function dictionaryAt(value: Value | undefined, ...keys: string[]): Record<string, Value> {
  let found = value;
  for (const key of keys) found = isDictionary(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return isDictionary(found) ? found : {};
}

export function textsAt(value: Record<string, Value>, key: string): string[] {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter((one) => typeof one === 'string') : [];
}

export function textAt(value: Record<string, Value>, key: string): string {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === 'string' ? found : '';
}

function isDictionary(value: Value | undefined): value is Record<string, Value> {
  return typeof value === 'object' && !Array.isArray(value);
}
