/** `fusegate listeners` on a source tree: what it asks for, what it prints, how it ends. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judgeListening } from '../../shared/src/policy/rules/app-listeners.ts';
import { fixtureTree } from '../../shared/test/threat-events/source/tree.ts';
import { runCommandLine } from '../src/command-line.ts';
import { fakeIo } from './fake-io.ts';

let root: string;
beforeAll(async () => {
  root = await fixtureTree('java');
});

async function run(...words: string[]) {
  const io = fakeIo({ cwd: root });
  const exit = await runCommandLine(['listeners', ...words], io);
  return { exit, out: io.stdout.text, err: io.stderr.text };
}

const SOURCE = ['--source', '.', '--owner', 'com.withpersona'];

describe('the answer', () => {
  it('every event is registered: exit 0', async () => {
    const { exit, out } = await run(...SOURCE, '--events', 'RootedDevice,EmulatorFound');
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^RootedDevice {2,}Root Detection {2,}registered {2,}app\/src\/.*ThreatApplication\.java:\d+/mu,
    );
    expect(out).toContain('2 of 2 events');
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
  });

  it('without --owner the code of an SDK in the tree is the own one', async () => {
    const { exit } = await run('--source', '.', '--events', 'NetworkProxyConfigured');
    expect(exit).toBe(0);
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
    [['--sauce'], ['--sauce']],
  ])('%j is refused', async (words, said) => {
    const { exit, err } = await run(...words);
    expect(exit).toBe(2);
    for (const one of said) expect(err).toContain(one);
  });

  it('has a page of help', async () => {
    const { exit, out } = await run('--help');
    expect([exit, out.split('\n')[0]]).toEqual([0, expect.stringContaining('fusegate listeners')]);
  });
});
