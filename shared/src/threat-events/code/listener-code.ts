/**
 * Source code that listens to Threat-Events. Only `fusegate threat-events` needs this and what it imports, so they are built into a file
 * beside the bundle (scripts/bundling/aside.mjs). Nothing here imports the catalogue, which is in the bundle already.
 */
import { csharpAndroidCode, csharpIosCode } from './languages/csharp.ts';
import { flutterCode } from './languages/flutter.ts';
import { javaCode } from './languages/java.ts';
import { cordovaCode, reactNativeCode } from './languages/javascript.ts';
import { kotlinCode } from './languages/kotlin.ts';
import { objectiveCCode } from './languages/objective-c.ts';
import { swiftCode } from './languages/swift.ts';
import type { LanguageName } from './languages.ts';
import { isEventName } from './names.ts';
import type { CodeOrder, WrittenFile } from './order.ts';

export { eventFields, sampleKeys } from '../../catalogue/event-data.ts';
export { isLanguage, LANGUAGE_NAMES, LANGUAGES } from './languages.ts';
export { checkNames, isEventName } from './names.ts';

const WRITERS: Record<LanguageName, (order: CodeOrder) => WrittenFile[]> = {
  java: javaCode,
  kotlin: kotlinCode,
  swift: swiftCode,
  'objective-c': objectiveCCode,
  'react-native': reactNativeCode,
  cordova: cordovaCode,
  'csharp-android': csharpAndroidCode,
  'csharp-ios': csharpIosCode,
  flutter: flutterCode,
};

/**
 * The same order gives the same bytes. The caller has checked every name (`names.ts`).
 * @throws for a name of an event that is not one: it would become code
 */
export function listenerCode(language: LanguageName, order: CodeOrder): WrittenFile[] {
  const strange = order.events.find(({ name }) => !isEventName(name));
  if (strange) throw new Error(`not the name of an event: ${JSON.stringify(strange.name)}`);
  return WRITERS[language](order);
}
