/** The listener check of sources sees what is written here as listening to every event. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LANGUAGE_NAMES, type LanguageName } from '../../../src/threat-events/code/languages.ts';
import { findListenersInSource } from '../../../src/threat-events/source/find-listeners.ts';
import { codeOf, eventsFor } from './every-event.ts';

/** Where the file goes in an app, and what shows that it is an app. */
const APPS: Record<LanguageName, { folder: string; project: [name: string, text: string] }> = {
  java: { folder: 'app/src/main/java/com/example/app', project: ['app/build.gradle', ''] },
  kotlin: { folder: 'app/src/main/java/com/example/app', project: ['app/build.gradle.kts', ''] },
  swift: { folder: 'App', project: ['App.xcodeproj/project.pbxproj', ''] },
  'objective-c': { folder: 'App', project: ['App.xcodeproj/project.pbxproj', ''] },
  'react-native': { folder: 'src', project: ['package.json', '{ "dependencies": { "react-native": "0.76.0" } }'] },
  cordova: { folder: 'www/js', project: ['package.json', '{ "cordova": {} }'] },
  'csharp-android': { folder: 'Platforms/Android', project: ['App.csproj', '<Project />'] },
  'csharp-ios': { folder: 'Platforms/iOS', project: ['App.csproj', '<Project />'] },
  flutter: { folder: 'lib', project: ['pubspec.yaml', 'name: app\n'] },
};

let root = '';
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'fusegate-written-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it.each(LANGUAGE_NAMES)('%s', async (language) => {
  const { folder, project } = APPS[language];
  const write = (name: string, text: string) => {
    const file = path.join(root, language, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(...project);
  for (const { name, text } of codeOf(language)) write(path.join(folder, name), text);
  const events = eventsFor(language).map(({ name }) => name);
  const report = await findListenersInSource({ root: path.join(root, language), events: [...events, 'SomethingElse'] });
  expect(report.unreadable).toEqual([]);
  expect(report.events.filter(({ outcome }) => outcome !== 'registered').map(({ name }) => name)).toEqual([
    'SomethingElse',
  ]);
  expect(report.events).toHaveLength(events.length + 1);
});
