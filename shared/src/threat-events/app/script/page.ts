/** The scripts of a page: what a browser runs of it, in pages as well as in code that only looks like one. */
import { createHash } from 'node:crypto';
import type { DefaultTreeAdapterTypes as Html } from 'parse5';
import { allowedBy, type ContentPolicy, policyOf } from './content-policy.ts';

interface PageScript {
  /** As in the text of the page. */
  src?: string;
  /** Its own code, and where that begins. */
  code?: { text: string; at: number };
  isModule: boolean;
  /** Why it does not run. */
  doubt?: string;
}

export interface Page {
  scripts: PageScript[];
  base?: string;
}

/** What browsers allow. */
const MAX_DEPTH = 512;
const MAX_ELEMENTS = 100_000;
const TYPES = new Set(['', 'text/javascript', 'application/javascript', 'module']);
const HTML = 'http://www.w3.org/1999/xhtml';

/** @returns undefined if the page is nested too deeply or holds too much */
export async function readPage(text: string): Promise<Page | undefined> {
  const { defaultTreeAdapter, parse } = await import('parse5');
  class TooMuch extends Error {}
  let [depth, elements] = [0, 0];
  const treeAdapter = {
    ...defaultTreeAdapter,
    onItemPush: () => {
      if (++depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) throw new TooMuch();
    },
    onItemPop: () => {
      depth--;
    },
  };
  try {
    const document = parse(text, { treeAdapter, sourceCodeLocationInfo: true, scriptingEnabled: true });
    return pageOf(document, text);
  } catch (error) {
    if (error instanceof TooMuch) return undefined;
    throw error;
  }
}

function pageOf(document: Html.Document, text: string): Page {
  const scripts: Html.Element[] = [];
  const policies: ContentPolicy[] = [];
  let base: string | undefined;
  for (const element of elementsIn(document)) {
    if (element.namespaceURI !== HTML) continue;
    if (element.tagName === 'script') scripts.push(element);
    if (element.tagName === 'base') base ??= attribute(element, 'href');
    if (element.tagName === 'meta' && attribute(element, 'http-equiv')?.toLowerCase() === 'content-security-policy')
      policies.push(policyOf(attribute(element, 'content') ?? ''));
  }
  return {
    scripts: scripts.map((element) => scriptOf(element, text, policies)),
    ...(base === undefined ? {} : { base }),
  };
}

function scriptOf(element: Html.Element, text: string, policies: readonly ContentPolicy[]): PageScript {
  const type = attribute(element, 'type');
  const language = type === undefined ? attribute(element, 'language') : undefined;
  const kind = (type ?? (language ? `text/${language}` : '')).trim().toLowerCase();
  const src = attribute(element, 'src');
  const { startTag, endTag } = element.sourceCodeLocation ?? {};
  const content = element.childNodes[0];
  // As the policy counts it, with plain line ends.
  const inside = content?.nodeName === '#text' ? (content as Html.TextNode).value : '';
  const script: PageScript = {
    isModule: kind === 'module',
    ...(src === undefined ? {} : { src }),
    // One that does not end does not run.
    ...(src === undefined && startTag && endTag
      ? { code: { text: text.slice(startTag.endOffset, endTag.startOffset), at: startTag.endOffset } }
      : {}),
  };
  const digest = (name: string) => `'${name}-${createHash(name).update(inside, 'latin1').digest('base64')}'`;
  const nonce = attribute(element, 'nonce');
  const isAllowed = policies.every((policy) =>
    allowedBy(policy, { isInline: src === undefined, ...(nonce === undefined ? {} : { nonce }), digest }),
  );
  const doubt =
    (TYPES.has(kind) ? undefined : 'the page marks it as something else than JavaScript') ??
    (attribute(element, 'nomodule') === undefined ? undefined : 'the page loads it only in browsers without modules') ??
    (attribute(element, 'event') === undefined && attribute(element, 'for') === undefined
      ? undefined
      : 'the page ties it to an event') ??
    (isAllowed ? undefined : 'the Content-Security-Policy of the page does not allow it');
  return doubt === undefined ? script : { ...script, doubt };
}

/** The live tree: what is in a `<template>` is not in it. */
function* elementsIn(document: Html.Document): Generator<Html.Element> {
  const open: Html.Node[] = [document];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('tagName' in node) yield node;
    if ('childNodes' in node) for (const child of node.childNodes.toReversed()) open.push(child);
  }
}

const attribute = ({ attrs }: Html.Element, wanted: string): string | undefined =>
  attrs.find(({ name }) => name === wanted)?.value;
