/** The human-readable part of an error answer. The result is untrusted text on one line; hosts guard it again before they print it. */
import { cut } from './untrusted-text.ts';

/** How much server text an error may carry, in characters. */
export const MAX_SERVER_TEXT = 500;

/** Control characters, line separators, and direction marks, which can make a log line read differently. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is what this is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** @returns the text on one line, without control characters, at most `max` characters */
export function oneLine(text: string, max = MAX_SERVER_TEXT): string {
  return cut(text.replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim(), max);
}

/**
 * The text of an error answer: `message` (string, or object with `text`) → `error` → the body (appdome-api.md §1.6). For storage, the
 * `<Message>` of its XML. HTML is described, not quoted.
 * @param mask hides secrets, before the text is cut
 * @returns empty when there is nothing to say
 */
export function errorText(
  body: string,
  mask: (text: string, end?: 'may be missing') => string = (text) => text,
): string {
  const trimmed = body.trim();
  if (trimmed === '') return '';
  let parsed: unknown;
  try {
    parsed = JSON.parse(trimmed);
  } catch {
    if (looksLikeHtml(trimmed)) return 'an HTML page';
    // What is not whole JSON may have been cut off anywhere.
    return oneLine(mask(/<Message>([^<]*)<\/Message>/.exec(trimmed)?.[1] ?? trimmed, 'may be missing'));
  }
  // The beginning of a number is one, too.
  return messageOf(parsed, mask) ?? oneLine(mask(trimmed, 'may be missing'));
}

/** `message` (string, or object with `text`) → `error` of an answer that is already parsed; undefined when it has neither. */
export function messageOf(parsed: unknown, mask: (text: string) => string): string | undefined {
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { message, error } = parsed as { message?: unknown; error?: unknown };
  const nested = typeof message === 'object' && message !== null ? (message as { text?: unknown }).text : undefined;
  for (const candidate of [message, nested, error]) {
    if (typeof candidate === 'string' && candidate.trim() !== '') return oneLine(mask(candidate));
  }
  return undefined;
}

export function looksLikeHtml(body: string): boolean {
  return /^\uFEFF?\s*(?:<!doctype html|<html|<head|<body)/i.test(body);
}
