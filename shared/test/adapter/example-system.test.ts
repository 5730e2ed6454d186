/**
 * A CI system is one record: one that nobody has heard of is served whole by its record and a host, and no other source names a system.
 * CONTRIBUTING.md, "Adding a CI system", is the walk-through.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionSentences } from '../../../scripts/generate/manifest/option-prose.ts';
import { PLUGINS as PACKAGES, PROGRAMS } from '../../../scripts/packages.mjs';
import { declaredInputs } from '../../src/adapter/declared-inputs.ts';
import { PlainLogHost } from '../../src/adapter/plain-log-host.ts';
import { runAdapter } from '../../src/adapter/run-adapter.ts';
import { OUTPUT_NAMES } from '../../src/model/host.ts';
import { readCiContext, whyWithheld } from '../../src/options/ci-context.ts';
import { isOfficialStep } from '../../src/options/input-candidates.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { knownInputNames, ownVariable } from '../../src/options/spelling.ts';
import type { System } from '../../src/options/system.ts';
import { PLUGINS, SYSTEMS } from '../../src/options/systems.ts';
import { optionById } from '../../src/options/table.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/folder.ts';

const EXAMPLE: System = {
  id: 'example',
  title: 'Example CI',
  inputs: {
    word: 'inputs',
    nameOf: (id) => id.replaceAll('-', '.'),
    prefix: '',
    ignoresCase: false,
    separators: ',;',
    listHelp: 'Write ; between items',
  },
  outputName: (name) => `FUSEGATE_${name.replaceAll('-', '_').toUpperCase()}`,
  offers: ['artifacts'],
  official: {
    inputs: { 'fusion-set-id': ['theFusionSet'] },
    unused: [{ name: 'theColour', instead: 'Leave it out.' }],
  },
  job: {
    sign: 'EXAMPLE_CI',
    facts: (e) => ({ runUrl: e['EXAMPLE_URL'], commit: e['EXAMPLE_COMMIT'], actor: '' }),
    definedIn: () => 'example.yml',
    secretsWithheld: (e) => (e['EXAMPLE_FORK'] ? 'Example CI gives forks no secrets' : undefined),
  },
  logGroup: { begin: (title) => `<<${title}`, end: (title) => `${title}>>` },
};

class ExampleHost extends PlainLogHost {
  readonly lines: string[];

  constructor(verbose = false) {
    const lines: string[] = [];
    super({ write: (text: string) => lines.push(text.trimEnd()) }, { verbose, logGroup: EXAMPLE.logGroup });
    this.lines = lines;
  }
}

async function end(inputs: Record<string, string>): Promise<{ text: string; outputs: ExampleHost['outputs'] }> {
  const host = new ExampleHost();
  await runAdapter({ inputs: declaredInputs(EXAMPLE, (name) => inputs[name]) }, host, {
    system: EXAMPLE,
    environment: {},
    cwd: await temporaryFolder(),
    clock: new FakeClock(),
    random: () => 0,
    signal: new AbortController().signal,
  });
  return { text: host.lines.join('\n'), outputs: host.outputs };
}

describe('a system that is only a record', () => {
  it('is told its problems in its own spelling, with every output set', async () => {
    const { text, outputs } = await end({ 'stall.timeout': '55', theFusionSet: 'x' });
    expect(text).toMatch(/problems with the inputs/);
    expect(text).toContain('stall.timeout "55"');
    expect(text).toContain('theFusionSet "x"');
    expect(text).toContain('api.key');
    expect([...outputs.keys()].sort()).toEqual([...OUTPUT_NAMES].sort());
    expect(outputs.get('verdict')).toBe('error');
  });

  it('has its own lists, its own names, and those of its official plugin', () => {
    const given = { 'required.features': 'Root Detection;Anti-Debugging', 'team.id': 'None', theFusionSet: 'None' };
    const inputs = Object.entries(given).map(([name, value]) => ({ name, value }));
    expect(parseOptions({ inputs }, {}, EXAMPLE).get('required-features')).toEqual([
      'Root Detection',
      'Anti-Debugging',
    ]);
    expect(isOfficialStep(inputs, EXAMPLE)).toBe(false);
    const official = [...inputs.slice(0, 2), { name: 'theFusionSet', value: '4711' }];
    expect(isOfficialStep(official, EXAMPLE)).toBe(true);
    expect(parseOptions({ inputs: official }, {}, EXAMPLE).get('team-id')).toBeUndefined();
    const { problems, notices } = parseOptions({ inputs: [{ name: 'theColour', value: 'red' }] }, {}, EXAMPLE);
    expect(problems).toEqual([]);
    expect(notices.join()).toMatch(/theColour is not used/);
  });

  it('has the options that it offers what they need for', () => {
    const names = knownInputNames(EXAMPLE);
    expect(names).toContain('publish');
    for (const name of ['comment', 'github.token', 'ci']) expect(names).not.toContain(name);
  });

  it('never reads the output of an earlier step as an option', () => {
    expect(ownVariable(optionById('build-id'), EXAMPLE)).toBeUndefined();
    expect(ownVariable(optionById('app'), EXAMPLE)).toBe('FUSEGATE_APP');
  });

  it('is recognised by its sign, with what its jobs know', () => {
    const environment = { EXAMPLE_CI: '1', EXAMPLE_URL: 'https://x:y@ci.example/7', EXAMPLE_FORK: '1' };
    expect(readCiContext(environment, [EXAMPLE])).toEqual({ system: 'example', runUrl: 'https://ci.example/7' });
    expect(whyWithheld(environment, [EXAMPLE])).toMatch(/forks/);
    expect(whyWithheld({}, [EXAMPLE])).toBeUndefined();
  });

  it('has its words in its manifest', () => {
    expect(optionSentences(optionById('required-features'), EXAMPLE).join(' ')).toContain('Write ; between items.');
    expect(optionSentences(optionById('mode'), EXAMPLE).join(' ')).not.toContain('fusegate gate');
  });

  it('folds a stage where the log is verbose, and hides no warning in it', () => {
    const host = new ExampleHost(true);
    host.progress({ stage: 'upload', kind: 'start', elapsedMs: 0 });
    host.progress({ stage: 'upload', kind: 'finish', elapsedMs: 1000 });
    host.progress({ stage: 'build', kind: 'start', elapsedMs: 0 });
    host.log('warning', 'look here');
    host.progress({ stage: 'build', kind: 'finish', elapsedMs: 1000 });
    expect(host.lines.filter((line) => /<<|>>|look/.test(line))).toEqual([
      '<<upload',
      'upload>>',
      '<<build',
      'build>>',
      'warning: look here',
    ]);
    expect(host.lines).toHaveLength(9);
    const quiet = new ExampleHost();
    quiet.progress({ stage: 'upload', kind: 'start', elapsedMs: 0 });
    expect(quiet.lines.join()).not.toContain('<<');
  });
});

describe('the records', () => {
  it('have ids and signs of their own', () => {
    for (const key of ['id', 'title'] as const) {
      expect(new Set(SYSTEMS.map((system) => system[key])).size).toBe(SYSTEMS.length);
    }
    const signs = SYSTEMS.flatMap(({ job }) => (job ? [job.sign] : []));
    expect(new Set(signs).size).toBe(SYSTEMS.length - 1);
  });

  it('has one for each package of a plugin', () => {
    expect(PLUGINS.map(({ plugin }) => plugin).sort()).toEqual([...PACKAGES].sort());
    // Build, size limits and the tests of processes follow the bundle that a package lists.
    expect(PROGRAMS.map((program) => program.package)).toEqual(expect.arrayContaining(PACKAGES));
  });

  it('are the only sources of shared/ that name a system', () => {
    const named = new RegExp(`['"\`](${SYSTEMS.map(({ id }) => id).join('|')})['"\`]`);
    const root = path.resolve(import.meta.dirname, '../../src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const naming = files.filter((file) => named.test(readFileSync(path.join(root, file), 'utf8')));
    expect(files.length).toBeGreaterThan(200);
    expect(naming.every((file) => file.startsWith(path.join('options', 'systems')))).toBe(true);
    // The pattern finds what it looks for.
    expect(naming.length).toBeGreaterThan(4);
  });
});
