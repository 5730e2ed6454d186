import { columnsOf } from '@fusegate/shared/text/progress-text';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is read here
const ESCAPE = /\u001b\[[\d;]*m/gu;
const RESET = '\u001b[0m';
/** A command at the end of a line is meant to be copied. */
const COMMAND = /^([^:`]+:) (fusegate .+)$/su;
/** Text between backticks is meant to be copied too, so it stays in one piece. */
const WORD = /(?:`[^`]*`|\(sha256 [0-9a-f]+\)|[^\s`]|`)+/gu;

/** Each line of a text. */
export function wrapLines(text: string, columns: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns))
    .join('\n');
}

/**
 * Breaks a line between words, where a terminal would break it inside them. What is meant to be copied is not broken: the
 * terminal wraps it, and copies it without a line break.
 */
export function wrapLine(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  const [margin = ''] = /^ */u.exec(line) ?? [];
  const indent = `${margin}  `;
  const [, label, command] = COMMAND.exec(line) ?? [];
  if (label !== undefined) return `${label}\n${indent}${command}`;
  const lines: string[] = [];
  let current = margin;
  let open = '';
  for (const word of line.match(WORD) ?? []) {
    const longer = current.trim() === '' ? `${current}${word}` : `${current} ${word}`;
    if (current.trim() !== '' && widthOf(longer) > columns) {
      lines.push(open === '' ? current : `${current}${RESET}`);
      current = `${indent}${open}${word}`;
    } else current = longer;
    // A colour that goes on in the next row starts again there, behind the indent.
    for (const [code] of word.matchAll(ESCAPE)) open = code === RESET ? '' : code;
  }
  return [...lines, current].join('\n');
}

function widthOf(text: string): number {
  return columnsOf(text.replace(ESCAPE, ''));
}
