/** `fusegate listeners` on a source tree: what it asks for, what it prints, how it ends. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeListening } from '../../shared/src/policy/rules/app-listeners.ts';
import { archiveOf } from '../../shared/test/support/zip.ts';
import { fixtureTree } from '../../shared/test/threat-events/source/tree.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

let root: string;
beforeAll(async () => {
  root = await fixtureTree('java');
});

async function write(name: string, content: string | Uint8Array) {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

const DEX = readFileSync(
  path.join(import.meta.dirname, '../../shared/test/threat-events/app/fixtures/android/classes.dex'),
);

async function run(...words: string[]) {
  const io = fakeIo({ cwd: root });
  const exit = await runCommandLine(['listeners', ...words], io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

const SOURCE = ['--source', '.', '--foreign', 'com.withpersona'];

describe('the answer', () => {
  it('every event is registered: exit 0', async () => {
    const { exit, out } = await run(...SOURCE, '--events', 'RootedDevice,EmulatorFound');
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^RootedDevice {2,}Root Detection {2,}registered {2,}app\/src\/.*ThreatApplication\.java:\d+/mu,
    );
    expect(out).toContain('2 of 2 events are registered');
    expect(out).toMatch(/^Read \d+ files\./mu);
  });

  it('one is not: exit 6, its next step, and where it was found', async () => {
    const { exit, out } = await run(
      ...SOURCE,
      '--events',
      'RootedDevice,OverlayDetected,NetworkProxyConfigured,ZygiskDetected',
    );
    expect(exit).toBe(6);
    expect(out).toMatch(/^OverlayDetected .* named .*ThreatApplication\.java:\d+/mu);
    for (const outcome of ['named', 'foreign', 'absent']) expect(out).toContain(`Next, ${outcome} (`);
    expect(out).not.toContain('Next, unknown');
  });

  it('as JSON: name, outcome and places of each event, and what was left out', async () => {
    const { exit, out } = await run(...SOURCE, '--json', '--events', 'RootedDevice,EnforceThreatEvent');
    expect(exit).toBe(0);
    const data = JSON.parse(out);
    expect(data.events).toMatchObject([{ name: 'RootedDevice', outcome: 'registered' }]);
    expect(data.events[0].places[0]).toMatchObject({ what: 'registration', line: expect.any(Number) });
    expect(data.leftOut).toMatchObject([{ name: 'EnforceThreatEvent', why: 'input' }]);
    expect(data.filesRead).toBeGreaterThan(0);
  });

  it('without --foreign the code of an SDK in the tree is the own one', async () => {
    const { exit } = await run('--source', '.', '--events', 'NetworkProxyConfigured');
    expect(exit).toBe(0);
  });

  it('--own and --foreign take several values, and foreign wins', async () => {
    const outcome = async (...owners: string[]) => {
      const { out } = await run('--source', '.', '--events', 'NetworkProxyConfigured', '--json', ...owners);
      return JSON.parse(out).events[0].outcome;
    };
    expect(await outcome('--foreign', 'com.other, com.withpersona')).toBe('foreign');
    expect(await outcome('--foreign', 'com.other', '--foreign', 'com.withpersona')).toBe('foreign');
    expect(await outcome('--own', 'com.withpersona', '--foreign', 'com.withpersona')).toBe('foreign');
    expect(await outcome('--own', 'com.withpersona', '--foreign', 'com.other')).toBe('registered');
  });

  it('an event has one line, whoever many places register it', async () => {
    const call = 'registerReceiver(r, new IntentFilter("RootedDevice"));';
    const lines = `if (x) {\n${call}\n} else {\n${call}\n}\nif (y) {\n${call}\n}`;
    await write('twice/A.java', `class A extends Application { void f() {\n${lines}\n} }`);
    const { exit, out } = await run('--source', 'twice', '--events', 'RootedDevice');
    expect(exit).toBe(0);
    expect(out.split('\n').filter((line) => line.includes('A.java'))).toEqual([
      expect.stringMatching(/^RootedDevice .* A\.java:3 and 2 more$/u),
    ]);
    expect(out).toContain('Read 1 file. 1 of 1 event is registered.');
    expect(out).not.toContain('condition');
  });

  it('a kind of file that cannot be parsed is named, and no other command is offered', async () => {
    await write('page/a.js', '');
    await write('page/index.html', 'RootedDevice');
    const { exit, out } = await run('--source', 'page', '--events', 'RootedDevice');
    expect(exit).toBe(6);
    expect(out).toMatch(/^Not read: index\.html: .*\.html files$/mu);
    expect(out).toContain('Next, unknown (');
    expect(out).not.toContain('fusegate listeners');
  });
});

describe('a built app', () => {
  it.each([
    ['with damaged code', { 'classes.dex': 'damaged' }, /unknown +classes\.dex: damaged or encrypted/u],
    ['without a manifest', { 'classes.dex': DEX }, /unknown +classes\.dex com\.example\.app\.\S+: whose code/u],
  ])('%s is unknown, with the command that looks at the sources', async (title, members, said) => {
    await write(`${title}.apk`, archiveOf(members));
    const { exit, out } = await run('--app', `${title}.apk`, '--events', 'RootedDevice');
    expect(exit).toBe(6);
    expect(out).toMatch(said);
    expect(out).toContain('fusegate listeners --source');
  });

  it("is the app's own where --own says so", async () => {
    await write('own.apk', archiveOf({ 'classes.dex': DEX }));
    const words = ['--app', 'own.apk', '--events', 'RootedDevice'];
    expect(await run(...words, '--own', 'com.example')).toMatchObject({ exit: 0 });
    expect(await run(...words, '--own', 'com.example', '--foreign', 'com.example')).toMatchObject({ exit: 6 });
  });
});

describe('a command that a hint prints', () => {
  const events = (['named', 'unknown'] as const).map((outcome) => ({ name: 'RootedDevice', outcome, places: [] }));

  it.each(events)('runs as it is printed: $outcome', async (event) => {
    const { hint = '' } = judgeListening({ events: [event], unreadable: [] }, 'registered');
    const [, words = ''] = /`fusegate listeners ([^`]*)`/u.exec(hint) ?? [];
    expect(words).toContain('RootedDevice');
    expect(await run(...words.split(' '))).toMatchObject({ exit: 0, err: '' });
  });
});

describe('which events are needed', () => {
  it('by protections: those that the service enforces, and those without an event, are left out by name', async () => {
    const { exit, out } = await run(...SOURCE, '--features', 'Root Detection, Android Memory Protection');
    expect(exit).toBe(0);
    expect(out).toContain('1 of 1 event');
    expect(out).toContain('Left out: Android Memory Protection');
  });

  it('by a policy', async () => {
    await mkdir(path.join(root, 'ci'), { recursive: true });
    const policy = 'version: 1\nrequire:\n  - { feature: Root Detection, threat-events: in-app-detection }\n';
    await writeFile(path.join(root, 'ci/policy.yml'), policy);
    const { exit, out } = await run(...SOURCE, '--policy', 'ci/policy.yml', '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(out).events[0].needs).toMatchObject([{ why: 'in-app-detection', source: 'ci/policy.yml:3' }]);
  });

  it('nothing is needed where the service enforces everything', async () => {
    const policy = 'version: 1\nrequire:\n  - { feature: Root Detection, threat-events: in-app-defense }\n';
    await writeFile(path.join(root, 'defense.yml'), policy);
    const { exit, out } = await run('--source', '.', '--policy', 'defense.yml');
    expect([exit, out.split('\n')[0]]).toEqual([0, 'No event needs a listener.']);
  });

  it('a name that the catalogue does not have is looked for, with the nearest one named', async () => {
    const { exit, out } = await run('--source', '.', '--events', 'RootedDevise');
    expect(exit).toBe(6);
    expect(out).toMatch(/Note: RootedDevise .*RootedDevice/u);
  });
});

describe('usage', () => {
  it.each([
    [[], ['--source DIR', '--events']],
    [['--source', '.'], ['--events']],
    [['--source', '.', '--app', 'x.apk', '--events', 'all'], ['one thing']],
    [['--source', 'absent', '--events', 'all'], ['--source "absent"']],
    [['--app', 'absent.apk', '--events', 'all'], ['--app "absent.apk"']],
    [['--app', '.', '--events', 'all'], ['--app']],
    [['--source', 'app/build.gradle', '--events', 'all'], ['--source']],
    [['--source', '.', '--features', 'Rot Detection'], ['Rot Detection']],
    [['--source', '.', '--events', 'all', '--platform', 'symbian'], ['--platform "symbian"']],
    [['--source', '.', '--events', 'all', 'more'], ['more']],
    [
      ['--source', '.', '--events', 'rooteddevice,EmulatorFound'],
      ['--events "rooteddevice"', 'RootedDevice'],
    ],
    [
      ['--source', '.', '--events', 'ALL'],
      ['--events "ALL"', 'all'],
    ],
    [['--source', '.', '--owner', 'com.example', '--events', 'all'], ['--owner']],
    [['--sauce'], ['--sauce']],
  ])('%j is refused', async (words, said) => {
    const { exit, err } = await run(...words);
    expect(exit).toBe(2);
    for (const one of said) expect(err).toContain(one);
  });

  it.each([
    ['an empty folder', {}],
    ['a folder of something else', { 'README.md': 'RootedDevice', 'index.html': '', 'a.py': '' }],
    ['a folder of tests alone', { 'src/test/java/A.java': 'class A {}' }],
  ])('%s is refused: it shows nothing about the app', async (title, files) => {
    await mkdir(path.join(root, title), { recursive: true });
    for (const [name, text] of Object.entries(files)) await write(path.join(title, name), text);
    for (const more of [[], ['--json']]) {
      const { exit, out, err } = await run('--source', title, '--events', 'RootedDevice', ...more);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).toMatch(/--source .*Kotlin/u);
    }
  });

  it('has a page of help', async () => {
    const { exit, out } = await run('--help');
    expect([exit, out.split('\n')[0]]).toEqual([0, expect.stringContaining('fusegate listeners')]);
  });
});

describe('a question that cannot be meant', () => {
  it('a platform that is not that of the app', async () => {
    await write('app.apk', archiveOf({ 'classes.dex': DEX }));
    const { exit, err } = await run('--app', 'app.apk', '--platform', 'ios', '--events', 'RootedDevice');
    expect(exit).toBe(2);
    expect(err).toContain('--platform');
  });

  it('only events that the app itself sends', async () => {
    const { exit, err } = await run(...SOURCE, '--events', 'ConditionalEnforcementEvent');
    expect(exit).toBe(2);
    expect(err).toContain('ConditionalEnforcementEvent');
  });
});

it('a place of a built app is listed once', async () => {
  await write('app.apk', archiveOf({ 'classes.dex': DEX }));
  const { out } = await run('--app', 'app.apk', '--events', 'RootedDevice', '--json');
  const [event] = JSON.parse(out).events;
  const places = event.places.map(({ file, where }: { file: string; where?: string }) => `${file} ${where}`);
  expect(new Set(places).size).toBe(places.length);
});

it('a protection whose event nobody knows is not shown to be listened for', async () => {
  const { exit, out } = await run(...SOURCE, '--features', 'Anti-Tampering');
  expect(exit).toBe(6);
  expect(out).toContain('Anti-Tampering');
});
