/** The languages of listener code: what each can be given, and for which platforms it is. */
import type { Platform } from '../../model/run-request.ts';

export interface CodeLanguage {
  /** As people call it. */
  title: string;
  platforms: readonly Platform[];
  /** What `--package` names; absent = the language needs none. */
  package?: 'package' | 'namespace';
  /** `--class` can name the class. */
  hasClass?: true;
  /** The one call, as it is written where an app starts. */
  call: string;
}

const BOTH: readonly Platform[] = ['android', 'ios'];

export const LANGUAGES = {
  java: {
    title: 'Java (Android)',
    platforms: ['android'],
    package: 'package',
    hasClass: true,
    call: 'in onCreate of the Application',
  },
  kotlin: {
    title: 'Kotlin (Android)',
    platforms: ['android'],
    package: 'package',
    hasClass: true,
    call: 'in onCreate of the Application',
  },
  swift: {
    title: 'Swift (iOS)',
    platforms: ['ios'],
    hasClass: true,
    call: 'in application(_:didFinishLaunchingWithOptions:), or in init of the App',
  },
  'objective-c': {
    title: 'Objective-C (iOS)',
    platforms: ['ios'],
    hasClass: true,
    call: 'in application:didFinishLaunchingWithOptions:',
  },
  'react-native': { title: 'React Native', platforms: BOTH, call: 'in index.js' },
  cordova: { title: 'Cordova', platforms: BOTH, call: 'after deviceready' },
  'csharp-android': {
    title: 'C# for Android (Xamarin, MAUI)',
    platforms: ['android'],
    package: 'namespace',
    hasClass: true,
    call: 'in OnCreate of the Application',
  },
  'csharp-ios': {
    title: 'C# for iOS (Xamarin, MAUI)',
    platforms: ['ios'],
    package: 'namespace',
    hasClass: true,
    call: 'in FinishedLaunching of the AppDelegate',
  },
  flutter: { title: 'Flutter', platforms: BOTH, call: 'in main, after WidgetsFlutterBinding.ensureInitialized' },
} as const satisfies Record<string, CodeLanguage>;

export type LanguageName = keyof typeof LANGUAGES;

export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as LanguageName[];

export function isLanguage(text: string): text is LanguageName {
  return Object.hasOwn(LANGUAGES, text);
}
