/** The text of Gradle's build files: Groovy or Kotlin, taken apart without a grammar. */

export const MODULE = ['build.gradle', 'build.gradle.kts'];
/** In characters. */
export const LARGEST = 256 * 1024;
export const SOURCES = /\.(?:java|kt)$/u;

export interface Token {
  text: string;
  isText: boolean;
  line: number;
}

/** A statement, and the beginnings of the blocks around it. */
export interface Statement {
  tokens: Token[];
  around: Token[][];
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"""([\s\S]*?)(?:"""|$)|'''([\s\S]*?)(?:'''|$)|"((?:[^"\\\n]|\\.)*)"?|'((?:[^'\\\n]|\\.)*)'?|[\w$.]+|\n|[^\s]/gu;

function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  for (const [whole, ...texts] of text.matchAll(TOKEN)) {
    const quoted = texts.find((one) => one !== undefined);
    if (quoted !== undefined) yield { text: quoted, isText: true, line };
    else if (!/^\/[/*]/u.test(whole)) yield { text: whole, isText: false, line };
    line += whole.split('\n').length - 1;
  }
}

/** The string literals, outside of comments. */
export function textsIn(text: string): string[] {
  return [...tokensOf(text)].filter(({ isText }) => isText).map((one) => one.text);
}

export function statementsIn(text: string): Statement[] {
  const found: Statement[] = [];
  const around: Token[][] = [];
  const open: number[] = [];
  let tokens: Token[] = [];
  let brackets = 0;
  const end = () => {
    if (tokens.length > 0) found.push({ tokens, around: [...around] });
    tokens = [];
  };
  for (const token of tokensOf(text)) {
    const sign = token.isText ? '' : token.text;
    if (sign === '{') {
      if (around.length > DEEPEST) return found;
      around.push(tokens);
      tokens = [];
      open.push(brackets);
      brackets = 0;
    } else if (sign === '}') {
      end();
      around.pop();
      brackets = open.pop() ?? 0;
    } else if (sign === ';' || (sign === '\n' && brackets <= 0)) {
      if (tokens.at(-1)?.text !== ',') end();
    } else if (sign !== '\n') {
      if (sign === '(' || sign === '[') brackets += 1;
      if (sign === ')' || sign === ']') brackets -= 1;
      tokens.push(token);
    }
  }
  end();
  return found;
}

/** Of blocks in each other. */
const DEEPEST = 40;
