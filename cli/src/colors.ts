/** What colours mean on a terminal: red is only for what stops a release, so that it is seen. */
import type { LogLevel } from '@fusegate/shared/model/host';

const COLOR = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const;
type Color = keyof typeof COLOR;

export function painted(text: string, ...colors: Color[]): string {
  return text === '' ? '' : `\u001b[${colors.map((color) => COLOR[color]).join(';')}m${text}\u001b[0m`;
}

/** The word that begins a line, and its colour. */
const LABELS: Array<[label: RegExp, color: Color]> = [
  [/^(?:- )?warning:/u, 'yellow'],
  [/^(?:- waived|Waivers):/u, 'yellow'],
  [/^REHEARSAL:/u, 'yellow'],
  [/^Fix:/u, 'cyan'],
];
/** Lines that are rarely read: they say what the verdict rests on. */
const BACKGROUND = /^(?:Evidence|Build|Transport|What this means, and what to do|note): |^- note: /u;
const VERDICT = /^(Fusegate (?:PASS|FAIL|ERROR|NOT EVALUATED))(.*)$/u;

/**
 * Colours one line of the log.
 * @param names of the protections that are missing; red where the line complains about them
 */
export function coloredLine(line: string, level: LogLevel, names: readonly string[]): string {
  const [, verdict, rest = ''] = VERDICT.exec(line) ?? [];
  if (verdict !== undefined) return `${painted(verdict, 'bold', verdictColor(verdict, level))}${painted(rest, 'bold')}`;
  if (level === 'debug' || BACKGROUND.test(line)) return painted(line, 'dim');
  for (const [label, color] of LABELS) {
    const [word] = label.exec(line) ?? [];
    if (word !== undefined) return `${painted(word, color)}${line.slice(word.length)}`;
  }
  const first = level === 'error' || level === 'warning' ? firstNameIn(line, names) : undefined;
  if (first === undefined) return line;
  const { at, name } = first;
  return `${line.slice(0, at)}${painted(name, 'red')}${line.slice(at + name.length)}`;
}

/** A verdict that does not stop the job is a warning. */
function verdictColor(verdict: string, level: LogLevel): Color {
  if (level === 'error') return 'red';
  return level === 'notice' && verdict.endsWith('PASS') ? 'green' : 'yellow';
}

/**
 * The longest name that stands behind the outcome of a complaint: `- missing: Root Detection is not on the certificate`. With several
 * certificates, the file's name is in between.
 */
function firstNameIn(line: string, names: readonly string[]): { at: number; name: string } | undefined {
  for (const before of [/^- [^:]+: /u, /^- [^:]+: .+?: /u]) {
    const at = before.exec(line)?.[0].length;
    if (at === undefined) return undefined;
    const [name] = names.filter((each) => line.startsWith(each, at)).sort((a, b) => b.length - a.length);
    if (name !== undefined) return { at, name };
  }
  return undefined;
}
