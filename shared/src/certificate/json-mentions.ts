import type { Mention } from '../model/certificate.ts';
import { childrenOf, type JsonValue } from './json-tree.ts';

/** A real document is expected to be some kilobytes. What is not listed could hold a name, so a document with more is not read at all. */
export const MENTION_LIMITS = { count: 5000, characters: 2 ** 19 } as const;

/** Keys and strings that belong to nothing that was understood. */
export class Mentions {
  readonly list: Mention[] = [];
  #characters = 0;

  get overflows(): boolean {
    return this.list.length > MENTION_LIMITS.count || this.#characters > MENTION_LIMITS.characters;
  }

  add(text: string, where: string): void {
    // Without a letter it is no name.
    if (this.overflows || !/\p{L}/u.test(text)) return;
    this.#characters += text.length + where.length;
    this.list.push({ text, document: 'json', where });
  }

  /** A value, and everything in it. */
  addValue(value: JsonValue, path: string): void {
    if (typeof value === 'string') this.add(value, path);
    for (const child of childrenOf(value, path)) {
      if (child.key !== undefined) this.add(child.key, child.path);
      this.addValue(child.value, child.path);
    }
  }
}
