import { expect, it } from 'vitest';
import type { LanguageName } from '../../../src/threat-events/code/languages.ts';
import { checkNames, eventTypeOf, isEventName } from '../../../src/threat-events/code/names.ts';

it.each([
  ['ThreatEvents', 'ThreatEvent'],
  ['Listener', 'ListenerEvent'],
  ['Messages', 'MessagesEvent'],
  ['Events', 'Event'],
])('the events of %s are of the type %s', (className, type) => {
  expect(eventTypeOf(className)).toBe(type);
});

it.each([
  ['RootedDevice', true],
  ['A'.repeat(100), true],
  ['A'.repeat(101), false],
  ['Root"', false],
  ['Two words', false],
  ['9Lives', false],
  ['Ünicode', false],
  ['A\n', false],
  ['', false],
])('%j as the name of an event: %s', (name, expected) => {
  expect(isEventName(name)).toBe(expected);
});

it.each<[LanguageName, string, RegExp | undefined]>([
  ['java', 'ThreatEvents', undefined],
  ['java', 'threatEvents', /not the name/],
  ['java', 'Threat-Events', /not the name/],
  ['java', 'A;B', /not the name/],
  ['java', 'Intent', /uses for something else/],
  ['swift', 'Notification', /uses for something else/],
  ['swift', 'Intent', undefined],
  ['csharp-ios', 'Names', /uses for something else/],
  ['flutter', 'ThreatEvents', /not for Flutter/],
])('%s, --class %s: %s', (language, name, wrong) => {
  const { problems, className } = checkNames(language, { package: withPackage(language), class: name });
  expect(className).toBe(name);
  if (wrong)
    expect(problems).toMatchObject([{ option: '--class', value: name, message: expect.stringMatching(wrong) }]);
  else expect(problems).toEqual([]);
});

it.each<[LanguageName, string, RegExp | undefined]>([
  ['java', 'com.example.app', undefined],
  ['java', 'com.example.new', /contains new/],
  ['kotlin', 'com.example.in', /contains in/],
  ['csharp-android', 'Example.App', undefined],
  ['csharp-android', 'Example.event', /contains event/],
  ['java', 'com..app', /not a package/],
  ['java', 'com.9app', /not a package/],
  ['java', 'com.example; import x', /not a package/],
  ['csharp-ios', '', /not a namespace/],
  ['java', Array(21).fill('a').join('.'), /not a package/],
  ['swift', 'com.example', /not for Swift/],
])('%s, --package %s: %s', (language, name, wrong) => {
  const { problems, packageName } = checkNames(language, { package: name });
  expect(packageName).toBe(name);
  if (wrong)
    expect(problems).toMatchObject([{ option: '--package', value: name, message: expect.stringMatching(wrong) }]);
  else expect(problems).toEqual([]);
});

it('names the class itself, and asks for a package', () => {
  expect(checkNames('swift', {})).toEqual({ className: 'ThreatEvents', packageName: '', problems: [] });
  expect(checkNames('java', {}).problems).toMatchObject([{ option: '--package', message: expect.any(String) }]);
});

function withPackage(language: LanguageName): string | undefined {
  return /java|csharp/.test(language) ? 'com.example' : undefined;
}
