import type { Mention } from '../model/certificate.ts';
import { childrenOf, type JsonValue, jsonText } from './json-tree.ts';

/**
 * A real document is expected to have a few kilobytes. Anything beyond the limit could contain a name, so a larger document is not read at
 * all.
 */
export const MENTION_LIMITS = { count: 5000, characters: 2 ** 19 } as const;

/** Values that belong to nothing that was understood, each with the keys above it, since a name may be split across them. */
export class Mentions {
  readonly list: Mention[] = [];
  #characters = 0;

  get overflows(): boolean {
    return this.list.length > MENTION_LIMITS.count || this.#characters > MENTION_LIMITS.characters;
  }

  /** @param words the words to search for names */
  add(where: string, text: string, words: readonly string[], joined = false): void {
    // Without a letter it is not a name.
    if (this.overflows || !words.some((word) => /\p{L}/u.test(word))) return;
    this.#characters += text.length + where.length;
    this.list.push({
      text,
      document: 'json',
      where,
      ...(words.length === 1 && words[0] === text ? {} : { words: [...words] }),
      ...(joined ? { joined: true } : {}),
    });
  }

  /**
   * Every value inside a value, and texts that are neighbours in it.
   * @param keys the keys on the path to it
   */
  addValue(value: JsonValue, path: string, keys: readonly string[]): void {
    if (this.overflows) return;
    const children = childrenOf(value, path);
    if (children.length === 0) this.add(path, jsonText(value), searched([...keys, ...textsOf(value)]));
    for (const { key, value: inner, path: where } of children)
      this.addValue(inner, where, key === undefined ? keys : [...keys, key]);
    const neighbours = searched(children.flatMap((child) => textsOf(child.value)));
    if (neighbours.length > 1) this.add(path, jsonText(value), neighbours, true);
  }
}

/** The words to search when part of the tree is a single mention: keys and texts in order, then the texts alone. */
export function wordsIn(value: JsonValue): string[] {
  return [...searched(wordsThrough(value, true)), '', ...searched(wordsThrough(value, false))];
}

function wordsThrough(value: JsonValue, withKeys: boolean): string[] {
  return [
    ...textsOf(value),
    ...childrenOf(value, '').flatMap(({ key, value: inner }) => [
      ...(withKeys && key !== undefined ? [key] : []),
      ...wordsThrough(inner, withKeys),
    ]),
  ];
}

function textsOf(value: JsonValue): string[] {
  return typeof value === 'string' ? [value] : [];
}

function searched(words: readonly string[]): string[] {
  return words.filter((word) => /[\p{L}\p{N}]/u.test(word));
}
