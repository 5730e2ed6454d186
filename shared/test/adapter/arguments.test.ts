import { describe, expect, it } from 'vitest';
import { parseArguments, placeholderOf } from '../../src/adapter/arguments.ts';
import { parseOptions } from '../../src/options/parse-options.ts';
import { isOn } from '../../src/options/spelling.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { OPTIONS } from '../../src/options/table.ts';

function parse(...words: string[]) {
  const { raw, help } = parseArguments(words, 'run');
  return { options: parseOptions(raw, {}, CLI), help, raw };
}

describe('flags', () => {
  it.each([
    [['--app', 'a.apk'], 'app', 'a.apk'],
    [['--app=a.apk'], 'app', 'a.apk'],
    [['--app=a=b.apk'], 'app', 'a=b.apk'],
    [['--App', 'a.apk'], 'app', 'a.apk'],
    [['--app', '-dash.apk'], 'app', '-dash.apk'],
    [['--app=--dashes.apk'], 'app', '--dashes.apk'],
    [['--verbose'], 'verbose', true],
    [['--verbose=false'], 'verbose', false],
    [['--verbose', 'no'], 'verbose', false],
    [['--no-verbose'], 'verbose', false],
    [['--ci'], 'ci', 'true'],
    [['--ci', '--verbose'], 'ci', 'true'],
    [['--ci', 'off'], 'ci', 'false'],
    [['--no-ci'], 'ci', 'false'],
    [['--ci', 'gitlab'], 'ci', 'gitlab'],
    [['--ci=Xcode-Cloud'], 'ci', 'xcode-cloud'],
    [['--deobfuscation-map', '0'], 'deobfuscation-map', false],
    [['--no-reuse-upload'], 'reuse-upload', false],
    [['--retries', '0'], 'retries', 0],
    [['--required-features', 'a,b', '--required-features=c'], 'required-features', ['a', 'b', 'c']],
    [['--reports', 'junit', '--reports', 'markdown'], 'reports', ['junit', 'markdown']],
    [['--verbose', '--app', 'x.apk'], 'verbose', true],
    [['--app='], 'app', undefined],
    [['--keystore', '-----BEGIN CERTIFICATE-----\nQUJD'], 'keystore', '-----BEGIN CERTIFICATE-----\nQUJD'],
    [['--keystore', '-----BEGIN PKCS7----- QUJD', '--app', 'a.apk'], 'keystore', '-----BEGIN PKCS7----- QUJD'],
  ] as const)('%j', (words, id, value) => {
    const { options } = parse(...words);
    expect(options.problems).toEqual([]);
    expect(options.get(id)).toEqual(value);
  });

  it('knows every option of the table', () => {
    for (const option of OPTIONS.filter((each) => isOn(each, CLI))) {
      const word = option.type.kind === 'secret' ? `--${option.id}-file` : `--${option.id}`;
      const { raw } = parseArguments([word, ...(option.type.kind === 'boolean' ? [] : ['x'])], 'run');
      expect(raw.problems, word).toEqual([]);
      expect(raw.inputs, word).toHaveLength(2);
      expect(raw.inputs[1]?.refused, word).toBeUndefined();
      expect(placeholderOf(option)).toMatch(/^[A-Z]+$/);
    }
  });

  it('the command is the mode', () => {
    expect(parse().options.mode).toBe('run');
    expect(parseOptions(parseArguments([], 'gate').raw, { FUSEGATE_MODE: 'run' }, CLI).mode).toBe('gate');
    expect(parse('--mode', 'gate').options.problems).toMatchObject([
      { message: expect.stringContaining('the command run and --mode') },
    ]);
  });

  it.each([[['--help']], [['-h']], [['--app', 'x', '--help']]])('%j asks for help', (words) => {
    expect(parse(...words).help).toBe(true);
  });
});

describe('wrong words', () => {
  it.each([
    [['--nonsense'], '--nonsense', /not an option/],
    [['--sgn', 'private'], '--sgn', /not an option/],
    [['--no-app'], '--no-app', /not an option/],
    [['--no-verbose=true'], '--no-verbose', /takes no value/],
    [['--no-ci=gitlab'], '--no-ci', /takes no value/],
    [['--ci', 'gitlb'], '--ci', /did you mean gitlab\?/],
    [['--ci', 'cli'], '--ci', /not one of its values/],
    [['--app'], '--app', /needs a value/],
    [['--app', '--verbose'], '--app', /needs a value/],
    [['--timeout', '--retries', '2'], '--timeout', /needs a value/],
    [['--nonsense', '-----BEGIN PRIVATE KEY-----\nSECRET'], '--nonsense', /not an option/],
    [['-----BEGIN PRIVATE KEY-----\nSECRET'], 'argument 1', /belongs to no option/],
    [['-x'], '-x', /not an option/],
    [['-xSECRET'], '-x', /not an option/],
    [['stray'], 'argument 1', /belongs to no option/],
    [['--app', 'x.apk', 'y.apk'], 'argument 3', /belongs to no option/],
    [['--', '--app'], '--app', /needs a value/],
  ])('%j', (words, option, message) => {
    const { options } = parse(...words);
    expect(options.problems).toMatchObject([{ option, message: expect.stringMatching(message) }]);
    expect(JSON.stringify(options.problems)).not.toContain('SECRET');
  });

  it('names the app that was given without its flag', () => {
    expect(parse('build/app.apk').options.problems).toMatchObject([
      { value: 'build/app.apk', allowed: '--app build/app.apk' },
    ]);
  });
});

describe('secrets on the command line', () => {
  const SECRET = 'canary-Secret-7';
  const flags = OPTIONS.filter((option) => option.type.kind === 'secret' && isOn(option, CLI)).map(({ id }) => id);

  it.each(flags)('--%s is refused, with and without =', (id) => {
    for (const words of [[`--${id}`, SECRET], [`--${id}=${SECRET}`]]) {
      const { options, raw } = parse(...words);
      expect(options.problems[0]).toMatchObject({
        option: `--${id}`,
        message: expect.stringContaining('secret'),
        allowed: expect.stringContaining(`--${id}-file FILE`),
      });
      expect(JSON.stringify([options.problems, options.notices, raw])).not.toContain(SECRET);
      expect(options.get(id)).toBeUndefined();
    }
  });

  it('a misspelt secret flag, or one that is split, shows no value', () => {
    for (const words of [['--api-kye', SECRET], [`--api-kye=${SECRET}`], ['--verbose', SECRET], [SECRET]]) {
      const { options, raw } = parse(...words);
      expect(options.problems).toHaveLength(1);
      expect(JSON.stringify([options.problems, options.notices, raw])).not.toContain(SECRET);
    }
  });
});
