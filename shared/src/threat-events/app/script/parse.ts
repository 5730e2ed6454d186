/** JavaScript as a script or, if it cannot be one, as a module. */
import type { AnyNode, Program } from 'acorn';

/** @returns undefined if it does not parse */
export type Parse = (text: string, asModule?: boolean) => (Program & AnyNode) | undefined;

export async function parser(): Promise<Parse> {
  const { parse } = await import('acorn');
  return (text, asModule = false) => {
    for (const sourceType of asModule ? (['module'] as const) : (['script', 'module'] as const)) {
      try {
        return parse(text, {
          ecmaVersion: 'latest',
          sourceType,
          allowReturnOutsideFunction: true,
          allowHashBang: true,
        });
      } catch (error) {
        // A deeply nested expression uses up the stack.
        if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      }
    }
    return undefined;
  };
}
