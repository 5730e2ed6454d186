/**
 * The one place that makes untrusted text harmless: text from the service, a certificate, a file name or a response header, before it
 * reaches a log, a Markdown or HTML page, or an XML or SARIF report.
 *
 * What we defend against, and where each reader looks:
 * - GitHub's runner takes `::cmd::` at the start of a line after Unicode white space, and `##[cmd]` anywhere in a line
 *   (actions/runner, ActionCommand.cs). Both searches compare by culture, so they also find `:\u200b:`; hence every character
 *   that such a comparison skips is removed, and what breaks the sequence is a visible space, never a zero-width one.
 * - Azure's agent takes `##vso[` anywhere in a line (azure-pipelines-agent, Command.cs), TeamCity `##teamcity[`.
 * - GitLab takes `section_start:` and `section_end:`, Travis `travis_fold:` and `travis_time:`, Appcircle `@@[`; Buildkite a line that begins
 *   with `---`, `+++`, `~~~` or `^^^` and a blank. The records in options/systems/ have each system's pattern, and a test compares.
 * - Terminals and GitLab's log viewer take ANSI escapes and lone carriage returns; Jenkins hides notes in an escape.
 * - Bidirectional overrides and invisible characters mislead people.
 */
import { stripVTControlCharacters } from 'node:util';

/** Every way a reader may end a line: CRLF, CR, LF, VT, FF, NEL, LS, PS. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;
const LINE_BREAKS = new RegExp(LINE_BREAK, 'gu');

/** Controls, format characters (bidi, zero width, tags), and whatever else Unicode lets a renderer or a comparison skip. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** A lenient comparison may skip characters between those of a command, but only ones that are not printable ASCII. */
const HASHES = /#(?=[^\x20-\x7e]*#)/gu;
const LEADING_COLONS = /^(\s*):(?=[^\x20-\x7e]*:)/u;
const MARKERS = /((?:section_(?:start|end)|travis_(?:fold|time))|@@)(?=[:[])/giu;
const LEADING_HEADING = /^([-+~^])(?=\1\1\s)/u;

/** The longest line of untrusted text in a log, in code points. Long enough for a SHA-256 and a path. */
const LINE_LIMIT = 500;
/** A command or a line to paste is useless when cut, so text of our own stays below this. */
export const ADVICE_LIMIT = 16_000;
const BLOCK_LINES = 400;
/** How many UTF-16 units of a line we look at. Nobody reads further, and a server must not decide how long we work. */
const LOOKED_AT = 100_000;

/** @returns the text on one line, at most `max` code points (an ellipsis marks the cut), that no CI system reads as a command. */
export function plainLine(text: string, max: number = LINE_LIMIT): string {
  const line = visible(text.slice(0, LOOKED_AT).replace(LINE_BREAKS, ' ')).replace(/\s+/gu, ' ').trim();
  return cut(unarmed(line), max);
}

/** @returns the text with its line structure (`\n` only) and indentation, each line harmless; very long text is cut and says so. */
export function plainBlock(text: string): string {
  const lines = text.split(LINE_BREAK);
  const kept = lines
    .slice(0, BLOCK_LINES)
    .map((line) => cut(unarmed(visible(line.slice(0, LOOKED_AT).replace(/\t/gu, '  '))), ADVICE_LIMIT));
  if (lines.length > BLOCK_LINES) kept.push(`… (${lines.length - BLOCK_LINES} more lines)`);
  return kept.join('\n');
}

/** Long enough for a path or an id that somebody wrote. */
const VALUE_LIMIT = 120;

/** A value that somebody wrote, as a message quotes it: on one line, not endless. Not harmless yet. */
export function shortLine(text: string): string {
  return cut(
    text
      .slice(0, LOOKED_AT)
      .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
      .trim(),
    VALUE_LIMIT,
  );
}

function visible(text: string): string {
  return wellFormed(stripVTControlCharacters(text)).replace(INVISIBLE, '');
}

/** Unpaired surrogates become U+FFFD, so the text written as UTF-8 is the text that was checked. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

function unarmed(line: string): string {
  return line
    .replace(HASHES, '# ')
    .replace(LEADING_COLONS, '$1: ')
    .replace(MARKERS, '$1 ')
    .replace(LEADING_HEADING, '$1 ');
}

/** By code point, so that the cut never leaves half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = Array.from(text);
  return points.length <= max ? text : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

const ZERO_WIDTH_SPACE = '\u200b';

/**
 * One line of text for Markdown prose, list items and table cells.
 *
 * Backslashes stop what the Markdown parser reads. Links, mentions and references are made after rendering, from the plain text
 * (`https://…`, `www.…`, `evil.example`, `a@b.c`, `@team`, `#12`, `!12`, `GH-12`), where a backslash is gone. A zero-width space breaks
 * those up. Ids, hashes and paths that people copy belong in `markdownCode`.
 */
export function markdownText(text: string, max: number = LINE_LIMIT): string {
  return escapeMarkdown(plainLine(text, max));
}

/** The same, but text between two backticks, which is how our own sentences quote commands, becomes a code span. */
export function markdownSentence(text: string, max: number = LINE_LIMIT): string {
  return withCode(plainLine(text, max), escapeMarkdown, (code) => markdownCode(code, max));
}

/** Text between two backticks is code; with one backtick too many, nothing is. */
function withCode(line: string, prose: (text: string) => string, code: (text: string) => string): string {
  const parts = line.split('`');
  if (parts.length % 2 === 0) return prose(line);
  return parts.map((part, index) => (index % 2 === 0 ? prose(part) : code(part))).join('');
}

function escapeMarkdown(line: string): string {
  return line
    .replace(/[\\`*_[\]{}|~^$!#]/gu, '\\$&')
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/u, '$1\\$2')
    .replace(/^(\s*)([-+=])/u, '$1\\$2')
    .replace(/@/gu, `${ZERO_WIDTH_SPACE}@${ZERO_WIDTH_SPACE}`)
    .replace(/:(?=\/\/)/gu, `:${ZERO_WIDTH_SPACE}`)
    .replace(/\bwww(?=\.)/giu, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, `.${ZERO_WIDTH_SPACE}`)
    .replace(/([#!~$%])(?=\w)/gu, `$1${ZERO_WIDTH_SPACE}`)
    .replace(/\bGH-(?=\d)/giu, `$&${ZERO_WIDTH_SPACE}`);
}

/**
 * A link that shows its address. Characters that would end the destination or a table cell are percent-encoded.
 * @param url one that `followableUrl` made
 */
export function markdownLink(text: string, url: string): string {
  const destination = plainLine(url, ADVICE_LIMIT).replace(/[<>|\\`\s]/gu, (sign) => encodeURIComponent(sign));
  return `[${markdownText(text)}](<${destination}>)`;
}

/** One line as a Markdown code span that copies verbatim, even in a table cell, where a bar would end the code span. */
export function markdownCode(text: string, max: number = LINE_LIMIT): string {
  const line = plainLine(text, max).replace(/\|/gu, '¦');
  if (line === '') return '';
  const fence = '`'.repeat(longestBackticks(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Lines as a fenced block; the fence is longer than any run of backticks inside. */
export function markdownFence(lines: readonly string[]): string {
  const safe = lines.map((line) => plainBlock(line));
  const fence = '`'.repeat(Math.max(3, longestBackticks(safe.join('\n')) + 1));
  return `${fence}text\n${safe.join('\n')}\n${fence}`;
}

function longestBackticks(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/gu)) longest = Math.max(longest, run.length);
  return longest;
}

/** What XML 1.0 §2.2 does not allow even as a reference. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;

/** Character data of an XML 1.0 element. */
export function xmlText(text: string): string {
  return wellFormed(text).replace(NOT_XML, '').replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;');
}

/** The value of a double-quoted XML attribute. White space is written as references; otherwise a parser would turn it into blanks. */
export function xmlAttribute(text: string): string {
  return xmlText(text)
    .replace(/"/gu, '&quot;')
    .replace(/\t/gu, '&#9;')
    .replace(/\n/gu, '&#10;')
    .replace(/\r/gu, '&#13;');
}

/**
 * One line of text for HTML, as the content of an element or inside a quoted attribute. Anything that a parser could take for markup, or an
 * old one for a quote, is written as a reference.
 */
export function htmlText(text: string, max: number = LINE_LIMIT): string {
  return escapeHtml(plainLine(text, max));
}

/** The same, but text between two backticks, which is how our own sentences quote commands, becomes a `code` element. */
export function htmlSentence(text: string, max: number = LINE_LIMIT): string {
  return withCode(plainLine(text, max), escapeHtml, (code) => (code === '' ? '' : `<code>${escapeHtml(code)}</code>`));
}

function escapeHtml(line: string): string {
  return line
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/"/gu, '&quot;')
    .replace(/'/gu, '&#39;')
    .replace(/`/gu, '&#96;');
}

/** @returns the normalised address if a person may follow it from a report (https, no user name); else undefined */
export function followableUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : undefined;
}

/**
 * The text of a SARIF message. Square brackets make links there, and braces make placeholders (SARIF 2.1.0 §3.11.5, §3.11.6). A backslash
 * escapes a bracket, and a blank breaks a placeholder. GitHub would show doubled braces doubled.
 */
export function sarifText(text: string, max: number = 2000): string {
  return plainLine(text, max)
    .replace(/[\\[\]]/gu, '\\$&')
    .replace(/\{(?=\d+\})/gu, '{ ');
}
