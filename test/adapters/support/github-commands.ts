/**
 * What GitHub's runner reads out of a step: workflow commands in its output and the files of the file commands. Written from the
 * runner's sources (actions/runner: Runner.Common/ActionCommand.cs, Runner.Worker/ActionCommandManager.cs, FileCommandManager.cs),
 * and where those leave room as lenient as they can be read.
 */

export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  data: string;
}

/** Only these names make a line a command. */
const REGISTERED = new Set([
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'internal-set-repo-path',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
]);

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

function readHead(head: string, separator: string, decode: (text: string) => string): Omit<WorkflowCommand, 'data'> {
  const blank = head.indexOf(' ');
  const name = (blank < 0 ? head : head.slice(0, blank)).toLowerCase();
  const properties: Record<string, string> = {};
  for (const pair of blank < 0 ? [] : head.slice(blank + 1).split(separator)) {
    const equals = pair.indexOf('=');
    if (equals > 0) properties[pair.slice(0, equals).trim()] = decode(pair.slice(equals + 1));
  }
  return { name, properties };
}

/** `::name key=value,key=value::data`, behind white space only (TryParseV2). */
function parseCurrent(line: string): WorkflowCommand | undefined {
  const text = line.trimStart();
  if (!text.startsWith('::')) return undefined;
  const end = text.indexOf('::', 2);
  if (end < 0) return undefined;
  const head = readHead(text.slice(2, end), ',', unescapeProperty);
  return { ...head, data: unescapeData(text.slice(end + 2)) };
}

/** `##[name key=value;key=value]data`, anywhere in a line (TryParse). */
function parseOld(line: string): WorkflowCommand | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  const head = readHead(line.slice(start + 3, end), ';', unescapeData);
  return { ...head, data: unescapeData(line.slice(end + 1)) };
}

/** @param stopToken what a `stop-commands` has named: while it stands, only that token is read */
export function parseCommand(line: string, stopToken?: string): WorkflowCommand | undefined {
  const command = parseCurrent(line) ?? parseOld(line);
  if (!command) return undefined;
  if (stopToken !== undefined) return command.name === stopToken.toLowerCase() ? command : undefined;
  return REGISTERED.has(command.name) ? command : undefined;
}

export class FileCommandError extends Error {}

/** GITHUB_OUTPUT, GITHUB_STATE and GITHUB_ENV: whichever of `=` and `<<` comes first in a line decides. Later values win. */
export function parseKeyValueFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  // What follows the last line break is no line.
  const closed = lines.pop() === '';
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const equals = line.indexOf('=');
    const heredoc = line.indexOf('<<');
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new FileCommandError(`Invalid format '${line}'. Name must not be empty`);
      values[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      if (name === '' || delimiter === '') throw new FileCommandError(`Invalid format '${line}'`);
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new FileCommandError(`Invalid value. Matching delimiter not found '${delimiter}'`);
      values[name] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else {
      throw new FileCommandError(`Invalid format '${line}'`);
    }
  }
  if (!closed) throw new FileCommandError('The file does not end with a line break');
  return values;
}

export interface RunnerAnnotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  properties: Record<string, string>;
}

/** The runner keeps no more of a type, and no more of a message (ExecutionContext.cs). */
const MOST_PER_TYPE = 10;
const LONGEST_MESSAGE = 4096;

/** What a step's output makes of the job: read line by line as the runner does, from both streams. */
export class OutputReader {
  readonly commands: WorkflowCommand[] = [];
  readonly masks = new Set<string>();
  readonly annotations: RunnerAnnotation[] = [];
  /** Annotations that the runner drops. */
  readonly dropped: RunnerAnnotation[] = [];
  /** Lines that a person sees, masked. */
  readonly log: string[] = [];
  #stopToken: string | undefined;

  line(raw: string): void {
    const command = parseCommand(raw, this.#stopToken);
    if (!command) {
      this.log.push(this.masked(raw));
      return;
    }
    this.commands.push(command);
    this.#process(command);
  }

  masked(text: string): string {
    return [...this.masks]
      .sort((a, b) => b.length - a.length)
      .reduce((rest, mask) => rest.replaceAll(mask, '***'), text);
  }

  #process({ name, properties, data }: WorkflowCommand): void {
    if (this.#stopToken !== undefined) this.#stopToken = undefined;
    else if (name === 'stop-commands') this.#stopToken = data;
    else if (name === 'add-mask') this.#addMask(data);
    else if (name === 'error' || name === 'warning' || name === 'notice') this.#annotate(name, data, properties);
    else if (name === 'group') this.log.push(`> ${this.masked(data)}`);
  }

  #addMask(value: string): void {
    for (const line of value.split(/\r?\n/)) if (line.trim() !== '') this.masks.add(line);
    this.masks.add(value);
  }

  #annotate(level: RunnerAnnotation['level'], data: string, properties: Record<string, string>): void {
    const message = this.masked(data);
    this.log.push(...message.split('\n').map((line) => `${level}: ${line}`));
    const annotation = { level, message: message.slice(0, LONGEST_MESSAGE), properties };
    const sameType = this.annotations.filter((each) => each.level === level).length;
    (sameType < MOST_PER_TYPE ? this.annotations : this.dropped).push(annotation);
  }
}
