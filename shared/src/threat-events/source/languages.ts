/** Which files are read, by which grammar, and together with which others. */

import { CSHARP } from './languages/csharp.ts';
import { DART } from './languages/dart.ts';
import { JAVA } from './languages/java.ts';
import { JAVASCRIPT } from './languages/javascript.ts';
import { KOTLIN } from './languages/kotlin.ts';
import { OBJECTIVE_C } from './languages/objective-c.ts';
import { SWIFT } from './languages/swift.ts';
import type { LanguageReader } from './shape.ts';

/** Files of one family can use each other's names. */
export type Family = 'android' | 'apple' | 'javascript' | 'csharp' | 'dart';

export interface Language {
  /** As `tree-sitter-wasms` calls it. */
  grammar: string;
  /** For text that the grammar does not understand. */
  otherGrammar?: string;
  family: Family;
  reader: LanguageReader;
}

const java: Language = { grammar: 'java', family: 'android', reader: JAVA };
const kotlin: Language = { grammar: 'kotlin', family: 'android', reader: KOTLIN };
const swift: Language = { grammar: 'swift', family: 'apple', reader: SWIFT };
const objectiveC: Language = { grammar: 'objc', family: 'apple', reader: OBJECTIVE_C };
// Many files of React Native have Flow's types, which are much like those of TypeScript.
const javascript: Language = {
  grammar: 'javascript',
  otherGrammar: 'tsx',
  family: 'javascript',
  reader: JAVASCRIPT,
};
const typescript: Language = { grammar: 'typescript', family: 'javascript', reader: JAVASCRIPT };
const tsx: Language = { grammar: 'tsx', family: 'javascript', reader: JAVASCRIPT };
const csharp: Language = { grammar: 'c_sharp', family: 'csharp', reader: CSHARP };
const dart: Language = { grammar: 'dart', family: 'dart', reader: DART };

/** By the ending of a file's name, lower case. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ['.java', java],
  ['.kt', kotlin],
  ['.kts', kotlin],
  ['.swift', swift],
  ['.m', objectiveC],
  ['.mm', objectiveC],
  ['.h', objectiveC],
  ['.js', javascript],
  ['.jsx', javascript],
  ['.mjs', javascript],
  ['.cjs', javascript],
  ['.ts', typescript],
  ['.mts', typescript],
  ['.cts', typescript],
  ['.tsx', tsx],
  ['.cs', csharp],
  ['.dart', dart],
]);

/** Code and markup without a grammar here. A name in one of these may be registered there. */
export const OTHER_SOURCES: ReadonlySet<string> = new Set(
  `.html .htm .vue .svelte .xml .storyboard .c .cc .cpp .cxx .hpp .hh .fs .vb .scala .groovy .rs .go .lua .razor .xaml`.split(
    ' ',
  ),
);

/** A file with none of the names can still register one: by a constant of another file. These words are in every such file. */
export const REGISTRATION_WORDS: Readonly<Record<Family, readonly string[]>> = {
  android: ['registerReceiver', 'IntentFilter', 'addAction'],
  apple: ['addObserver', 'NotificationCenter'],
  javascript: ['registerForDevEvent', 'NativeEventEmitter', 'ADDevEvents', 'broadcaster'],
  csharp: ['global using', 'RegisterReceiver', 'IntentFilter', 'AddAction', 'NSNotificationCenter', 'AddObserver'],
  dart: ['EventChannel'],
};
