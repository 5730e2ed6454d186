/** Names that go into source code. Only what every language takes for an identifier is let through; nothing is quoted or escaped. */
import { type CodeLanguage, LANGUAGES, type LanguageName } from './languages.ts';

/** An event's name may come from a certificate, which is foreign text. */
const EVENT_NAME = /^[A-Za-z][A-Za-z0-9_]{0,99}$/;
const CLASS_NAME = /^[A-Z][A-Za-z0-9_]{0,79}$/;
const PACKAGE_PART = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/;
const MOST_PARTS = 20;

const DEFAULT_CLASS = 'ThreatEvents';

/** Key words that look like a part of a package, by what `--package` names. */
const RESERVED = {
  package: new Set(
    (
      'abstract as assert boolean break byte case catch char class const continue default do double else enum extends false final ' +
      'finally float for fun goto if implements import in instanceof int interface is long native new null object package private ' +
      'protected public return short static strictfp super switch synchronized this throw throws transient true try typealias typeof ' +
      'val var void volatile when while _'
    ).split(' '),
  ),
  namespace: new Set(
    (
      'abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event ' +
      'explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null ' +
      'object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static ' +
      'string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while'
    ).split(' '),
  ),
};

/** What the written code uses itself; a class of that name would hide it. */
const TAKEN: Partial<Record<LanguageName, ReadonlySet<string>>> = {
  java: new Set(
    'Build Bundle BroadcastReceiver Collections Context Double Handler HashMap Intent IntentFilter Map Object Override Receiver RuntimeException String SuppressLint SuppressWarnings NumberFormatException'.split(
      ' ',
    ),
  ),
  kotlin: new Set(
    'Any Boolean Build Bundle BroadcastReceiver Context Double HashMap Intent IntentFilter Map Nothing RuntimeException String Suppress SuppressLint Synchronized Unit Volatile'.split(
      ' ',
    ),
  ),
  swift: new Set(
    'Any AnyHashable Bool Double Dictionary MainActor Never Notification NotificationCenter NSNumber Optional Protocol Self Sendable String Type Void'.split(
      ' ',
    ),
  ),
  'objective-c': new Set(
    'BOOL NO NSArray NSDictionary NSMutableDictionary NSNotification NSNotificationCenter NSNull NSNumber NSObject NSOperationQueue NSScanner NSString Class Protocol YES'.split(
      ' ',
    ),
  ),
  'csharp-android': new Set(
    'Action Android Application BroadcastReceiver Build Context CultureInfo Dictionary Exception IReadOnlyDictionary Intent IntentFilter Listen Names NumberStyles Receiver ReceiverFlags String System ValuesOf'.split(
      ' ',
    ),
  ),
  'csharp-ios': new Set(
    'Action CultureInfo Dictionary Foundation IReadOnlyDictionary Listen Names NSDictionary NSNotification NSNotificationCenter NSObject NSOperationQueue NSString NumberStyles String System ValuesOf'.split(
      ' ',
    ),
  ),
};

/** @returns the type of one event: `ThreatEvent` for the class `ThreatEvents` */
export function eventTypeOf(className: string): string {
  return className.endsWith('Events') ? className.slice(0, -1) : `${className}Event`;
}

export function isEventName(text: string): boolean {
  return EVENT_NAME.test(text);
}

/** Problems are worded to fit after the option's name. */
export interface NameProblem {
  option: '--package' | '--class';
  message: string;
  /** Absent = nothing was given. */
  value?: string;
  allowed: string;
}

/** @param given as written after `--package` and `--class` */
export function checkNames(
  language: LanguageName,
  given: { package?: string | undefined; class?: string | undefined },
): { packageName: string; className: string; problems: NameProblem[] } {
  const { package: packageName, class: className } = given;
  return {
    packageName: packageName ?? '',
    className: className ?? DEFAULT_CLASS,
    problems: [...packageProblems(language, packageName), ...classProblems(language, className)],
  };
}

function packageProblems(language: LanguageName, name: string | undefined): NameProblem[] {
  const { title, package: kind }: CodeLanguage = LANGUAGES[language];
  const option = '--package';
  if (kind === undefined)
    return name === undefined ? [] : [{ option, message: `is not for ${title}`, value: name, allowed: 'no --package' }];
  const allowed = `the ${kind} of the file, such as ${kind === 'package' ? 'com.example.app' : 'Example.App'}`;
  if (name === undefined) return [{ option, message: `is needed for ${title}`, allowed }];
  const parts = name.split('.');
  const wrong = (message: string): NameProblem[] => [{ option, message, value: name, allowed }];
  if (parts.length > MOST_PARTS || !parts.every((part) => PACKAGE_PART.test(part))) return wrong(`is not a ${kind}`);
  const word = parts.find((part) => RESERVED[kind].has(part));
  return word === undefined ? [] : wrong(`contains ${word}, which is a word of the language`);
}

function classProblems(language: LanguageName, name: string | undefined): NameProblem[] {
  const { title, hasClass }: CodeLanguage = LANGUAGES[language];
  if (name === undefined) return [];
  const wrong = (message: string, allowed: string): NameProblem[] => [
    { option: '--class', message, value: name, allowed },
  ];
  if (!hasClass) return wrong(`is not for ${title}`, 'no --class');
  const allowed = `letters and digits, beginning with a capital, such as ${DEFAULT_CLASS}`;
  if (!CLASS_NAME.test(name)) return wrong('is not the name of a class', allowed);
  return TAKEN[language]?.has(name) ? wrong('is a name that the code uses for something else', allowed) : [];
}
