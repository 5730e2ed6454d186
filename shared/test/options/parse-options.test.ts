import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/model/host.ts';
import type { RawInput } from '../../src/options/input-candidates.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import type { System } from '../../src/options/system.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { GITHUB } from '../../src/options/systems/github.ts';

const ID_1 = '11111111-631e-11f0-811d-012fa289ddab';
const ID_2 = '22222222-631e-11f0-811d-012fa289ddab';

function parse(inputs: Record<string, string> | RawInput[], environment: Environment = {}, system: System = CLI) {
  const raw = Array.isArray(inputs) ? inputs : Object.entries(inputs).map(([name, value]) => ({ name, value }));
  return parseOptions({ inputs: raw }, environment, system);
}

describe('precedence', () => {
  const official = { APPDOME_TEAM_ID: 'official' };
  const own = { ...official, FUSEGATE_TEAM_ID: 'own' };

  it.each([
    ['input over everything', { 'team-id': 'input' }, own, 'input', 'input'],
    ['our variable over the official one', {}, own, 'own', 'fusegate'],
    ['the official variable over nothing', {}, official, 'official', 'official'],
    ['an empty input is unset', { 'team-id': '' }, own, 'own', 'fusegate'],
    ['an empty variable is unset', {}, { ...own, FUSEGATE_TEAM_ID: '  ' }, 'official', 'official'],
    ['nothing', {}, {}, undefined, undefined],
  ])('%s', (_, inputs, environment, value, tier) => {
    const options = parse(inputs as Record<string, string>, environment);
    expect(options.get('team-id')).toBe(value);
    expect(options.origin('team-id')?.tier).toBe(tier);
    expect(options.problems).toEqual([]);
  });

  it('a default has no origin', () => {
    const options = parse({});
    expect(options.get('timeout')).toBe(3_300_000);
    expect(options.get('gate')).toBe('enforce');
    expect(options.origin('gate')).toBeUndefined();
  });

  it('a wrong value in a higher tier is a problem, not a reason to look further down', () => {
    const options = parse({ retries: 'many' }, { FUSEGATE_RETRIES: '3' });
    expect(options.get('retries')).toBeUndefined();
    expect(options.failed('retries')).toBe(true);
    expect(options.problems).toMatchObject([{ option: '--retries', value: 'many' }]);
  });

  it('a wrong value in a lower tier that nobody reads is none', () => {
    expect(parse({ retries: '2' }, { FUSEGATE_RETRIES: 'many' }).problems).toEqual([]);
  });
});

describe('two values in one tier', () => {
  it('a flag twice with the same meaning is fine', () => {
    const options = parse([
      { name: 'verbose', value: 'true' },
      { name: 'verbose', value: 'yes' },
    ]);
    expect(options.get('verbose')).toBe(true);
    expect(options.problems).toEqual([]);
  });

  it('a flag twice with different meanings is not', () => {
    const options = parse([
      { name: 'fusion-set-id', value: ID_1 },
      { name: 'fusion-set-id', value: ID_2 },
    ]);
    expect(options.get('fusion-set-id')).toBeUndefined();
    expect(options.problems).toMatchObject([
      { option: '--fusion-set-id', message: expect.stringContaining('given twice') },
    ]);
  });

  it('an alias and the name with different values are named both', () => {
    const options = parse({ 'fusion-set-id': ID_1, FUSION_SET_ID: ID_2 }, {}, GITHUB);
    expect(options.problems).toMatchObject([
      {
        option: 'fusion-set-id',
        message: expect.stringMatching(/fusion-set-id and FUSION_SET_ID give different values/),
      },
    ]);
  });

  it('two different secrets are a problem that shows neither', () => {
    const options = parse({ 'api-key': 'first-key', APPDOME_API_TOKEN: 'second-key' }, {}, GITHUB);
    expect(options.problems).toHaveLength(1);
    expect(JSON.stringify(options.problems)).not.toMatch(/first-key|second-key/);
  });

  it('a repeated list adds up', () => {
    const options = parse([
      { name: 'required-features', value: 'a, b' },
      { name: 'required-features', value: 'c\nb' },
    ]);
    expect(options.get('required-features')).toEqual(['a', 'b', 'c']);
  });

  it('two official variables with different values are a problem', () => {
    expect(parse({}, { APPDOME_API_KEY: 'k1', API_KEY_ENV: 'k2' }).problems).toHaveLength(1);
  });
});

describe('official names', () => {
  it('reads them on their system, with one notice that gives ours', () => {
    const options = parse(
      {
        APP_FILE: 'app.apk',
        FUSION_SET_ID: ID_1,
        SIGN_OPTIONS: 'PRIVATE_SIGNING',
        KEYSTORE_FILE: 'None',
        TEAM_ID: 'none',
      },
      {},
      GITHUB,
    );
    expect(options.get('app')).toBe('app.apk');
    expect(options.get('sign')).toBe('private');
    expect(options.get('keystore')).toBeUndefined();
    expect(options.get('team-id')).toBeUndefined();
    expect(options.problems).toEqual([]);
    expect(options.notices).toHaveLength(1);
    expect(options.notices[0]).toMatch(/APP_FILE = app, FUSION_SET_ID = fusion-set-id, SIGN_OPTIONS = sign/);
    expect(options.notices[0]).not.toContain('KEYSTORE_FILE');
  });

  it('None is a value under our own names', () => {
    expect(parse({ 'team-id': 'None' }, {}, GITHUB).get('team-id')).toBe('None');
  });

  it('takes the Fusion Set of the platform', () => {
    const both = { APPDOME_ANDROID_FS_ID: ID_1, APPDOME_IOS_FS_ID: ID_2 };
    expect(parse({ app: 'x.apk' }, both).get('fusion-set-id')).toBe(ID_1);
    expect(parse({ app: 'x.AAB' }, both).get('fusion-set-id')).toBe(ID_1);
    expect(parse({ platform: 'ios' }, both).get('fusion-set-id')).toBe(ID_2);
    expect(parse({}, { APPDOME_IOS_FS_ID: ID_2 }).get('fusion-set-id')).toBe(ID_2);
    const unclear = parse({}, both);
    expect(unclear.problems).toMatchObject([
      { option: '--fusion-set-id', allowed: expect.stringContaining('--platform') },
    ]);
  });

  it('does not ask an old certificate for the Fusion Set that this job builds with', () => {
    const environment = { APPDOME_ANDROID_FS_ID: ID_1, APPDOME_IOS_FS_ID: ID_2 };
    const options = parse({ mode: 'gate' }, environment);
    expect(options.get('fusion-set-id')).toBeUndefined();
    expect(options.problems).toEqual([]);
    expect(parse({ mode: 'gate', 'fusion-set-id': ID_1 }, environment).get('fusion-set-id')).toBe(ID_1);
  });
});

describe('unknown names', () => {
  it.each([
    ['fusion-set', '--fusion-set-id'],
    ['fusionsetid', '--fusion-set-id'],
    ['require-features', '--required-features'],
    ['fingerprint', undefined],
    ['api-key-fil', '--api-key-file'],
    ['zzz', undefined],
  ])('--%s', (name, suggestion) => {
    const options = parse({ [name]: 'SECRETVALUE' });
    expect(options.problems).toHaveLength(1);
    expect(options.problems[0]).toMatchObject({ option: `--${name}`, message: 'is not an option' });
    if (suggestion) expect(options.problems[0]?.allowed).toBe(`did you mean ${suggestion}?`);
    else expect(options.problems[0]?.allowed ?? '').not.toContain('undefined');
    expect(JSON.stringify(options.problems)).not.toContain('SECRETVALUE');
  });

  it.each(['FUSEGATE_CERTIFICATE_PDF', 'FUSEGATE_CERTIFICATEPDF', 'FUSEGATE_BUILDID', 'FUSEGATE_SECONDOUTPUT'])(
    '%s, which an earlier step left behind, is no misspelt variable',
    (variable) => expect(parse({}, { [variable]: 'x' }).notices).toEqual([]),
  );

  it('a misspelt variable is a notice; foreign ones and those of tests are not', () => {
    const options = parse(
      {},
      { FUSEGATE_FUSION_SETID: ID_1, FUSEGATE_TIME_SCALE: '0.1', FUSEGATE_XQZ: '1', FUSE: '1' },
    );
    expect(options.notices).toEqual([
      'The variable FUSEGATE_FUSION_SETID is not an option; did you mean FUSEGATE_FUSION_SET_ID?',
    ]);
    expect(options.problems).toEqual([]);
  });
});

describe('options that mean nothing here', () => {
  it('in the wrong mode: a problem as an input, passed over as a variable', () => {
    expect(parse({ mode: 'gate', sign: 'private' }).problems).toMatchObject([
      { option: '--sign', message: 'does not apply to mode gate' },
    ]);
    const options = parse({ mode: 'gate' }, { FUSEGATE_SIGN: 'private' });
    expect(options.problems).toEqual([]);
    expect(options.get('sign')).toBeUndefined();
    expect(parse({ mode: 'run', certificate: 'a.pdf' }).problems).toHaveLength(1);
  });

  it('an input that only repeats the default is none: adapters pass all of theirs', () => {
    expect(parse({ mode: 'gate', 'build-timeout': '40m', 'google-play-signing': 'false' }).problems).toEqual([]);
  });

  it('for the wrong platform: a problem as an input, passed over as an official variable', () => {
    expect(parse({ app: 'a.apk', p12: 'id.p12' }).problems).toMatchObject([
      { option: '--p12', message: 'does not apply to Android' },
    ]);
    expect(parse({ app: 'a.apk' }, { IOS_P12: 'id.p12', IOS_P12_PASSWORD: 'secretpw' }).problems).toEqual([]);
  });
});

describe('secrets', () => {
  it('never show, wherever they come from, and are all collected for masking', () => {
    const options = parse(
      { 'api-key': 'input key with blanks' },
      { FUSEGATE_API_KEY: 'own-key', APPDOME_API_KEY: 'official-key', ANDROID_KEY_PASS: 'keypass' },
    );
    expect(options.problems).toHaveLength(1);
    expect(options.problems[0]).not.toHaveProperty('value');
    const printed = JSON.stringify([options.problems, options.notices, options.secrets]);
    for (const secret of ['input key', 'own-key', 'official-key', 'keypass']) expect(printed).not.toContain(secret);
    expect(options.secrets.map((secret) => secret.reveal())).toEqual(
      expect.arrayContaining(['input key with blanks', 'own-key', 'official-key', 'keypass']),
    );
  });

  it('tells an empty secret from an absent one', () => {
    expect(parse({ 'api-key': '' }).emptySecret('api-key')).toBe('--api-key');
    expect(parse({}, { APPDOME_API_KEY: '' }).emptySecret('api-key')).toBe('APPDOME_API_KEY');
    expect(parse({ 'api-key': '' }, { APPDOME_API_KEY: 'k' }).emptySecret('api-key')).toBeUndefined();
    expect(parse({}).emptySecret('api-key')).toBeUndefined();
  });

  it('a value that a flag got by accident is not printed with the credentials of its URL', () => {
    const options = parse({ 'server-url': 'https://user:hunter2secret@host.example.com' });
    expect(JSON.stringify(options.problems)).not.toContain('hunter2secret');
  });
});

describe('what an adapter adds', () => {
  it('refused inputs are problems, and their absence no second one', () => {
    const options = parse([{ name: 'api-key', value: '', refused: { message: 'is a secret', allowed: 'a variable' } }]);
    expect(options.problems).toMatchObject([{ option: '--api-key', message: 'is a secret' }]);
    expect(options.failed('api-key')).toBe(true);
  });

  it('all problems come at once, in the order of the table after those of names', () => {
    const options = parse({
      nonsense: '1',
      verbose: 'perhaps',
      timeout: '55',
      gate: 'x',
      'fusion-set-id': 'y',
      retries: '-1',
    });
    expect(options.problems.map(({ option }) => option)).toEqual([
      '--nonsense',
      '--fusion-set-id',
      '--gate',
      '--timeout',
      '--retries',
      '--verbose',
    ]);
  });
});
