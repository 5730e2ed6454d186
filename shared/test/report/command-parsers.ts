/**
 * Small parsers of what CI systems and terminals read as commands, as lenient as the real ones or more so: they are what the
 * tests hold foreign text against.
 */

/** What a comparison by culture skips (.NET's `StartsWith` and `IndexOf` with ICU). */
const SKIPPED = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Readers differ in what ends a line; here everything that ends one for any of them. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u;

export interface FoundCommand {
  system: string;
  text: string;
}

/** @returns everything in a log that some CI system would act on, or a terminal would obey */
export function commandsIn(log: string): FoundCommand[] {
  return [...log.split(LINE_END).flatMap(commandsInLine), ...escapesIn(log)];
}

function commandsInLine(raw: string): FoundCommand[] {
  const line = raw.replace(SKIPPED, '');
  const found: FoundCommand[] = [];
  // actions/runner ActionCommand.TryParseV2: trimmed, then from the start.
  if (line.trim().startsWith('::')) found.push({ system: 'github', text: line });
  // TryParse (the old form): anywhere.
  if (line.includes('##[')) found.push({ system: 'github-v1', text: line });
  // azure-pipelines-agent Command.TryParse: anywhere, ignoring case.
  if (line.toLowerCase().includes('##vso[')) found.push({ system: 'azure', text: line });
  if (line.toLowerCase().includes('##teamcity[')) found.push({ system: 'teamcity', text: line });
  return found;
}

function escapesIn(log: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const controls = log.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu);
  if (controls) found.push({ system: 'terminal', text: controls.join('') });
  const bidi = log.match(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu);
  if (bidi) found.push({ system: 'bidi', text: bidi.join('') });
  return found;
}

/** Strings that would act on at least one system if they were printed as they are. */
export const HOSTILE_TEXTS = [
  '::error::owned',
  '  ::set-output name=verdict::pass',
  '\u00a0\u3000::stop-commands::x',
  'fine\n::add-mask::a',
  'fine\r::warning::a',
  'fine\r\n\t::debug::a',
  'fine\u2028::error::a',
  'fine\u0085::error::a',
  'fine\v::error::a',
  ':\u200b:error::hidden in a zero-width space',
  '\u200b::error::after a zero-width space',
  '\u00ad:\u00ad:error::soft hyphens',
  '\ufeff::error::byte order mark',
  '\u001b[0m::error::after an escape',
  ':\u001b[31m:error::escape between',
  'text ##[error]owned',
  'text #\u001b[0m#[group]escape between',
  'text #\u200d#\u200d[command]joiners',
  '##vso[task.complete result=Succeeded;]DONE',
  'x ##VSO[task.setvariable variable=verdict]pass',
  '##\u00advso[task.logissue type=error]x',
  "##teamcity[buildStatus status='SUCCESS']",
  "a ###teamcity[buildStatus status='SUCCESS']",
  '####[error]x',
  '\u001b]0;title\u0007text',
  '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\',
  '\u009b31mred',
  '\u009d0;title\u009c',
  '\u001b]0;never ended ::error::x',
  'section_start:1:x\r\u001b[0Khidden',
  'travis_fold:start:x\r\u001b[0K',
  '\u001b[8mha:AAAA\u001b[0mnote',
  'safe\u202egnp.exe',
  '\u2066isolate\u2069',
  '\ud800unpaired\udfff',
  '\u0000\u0008\u007f',
  '\u{e0001}\u{e0065}tags',
];
