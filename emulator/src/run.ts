import { startEmulator } from './emulator.ts';
import { BUILT_IN_FUSION_SETS, FUSION_SET_IDS } from './fusion-sets/built-in.ts';
import { EMULATOR_HELP, parseEmulatorArguments } from './options.ts';

/**
 * The whole command: parse, start, serve until SIGINT or SIGTERM. For the emulator's own entry and `fusegate emulator`.
 * @returns the exit code: 0 after a signal or `--help`, 2 for bad options or if it cannot start
 */
export async function runEmulator(argv: string[], env: NodeJS.ProcessEnv = process.env): Promise<0 | 2> {
  const parsed = parseEmulatorArguments(argv, env);
  if (parsed.kind === 'help') {
    process.stdout.write(EMULATOR_HELP);
    return 0;
  }
  if (parsed.kind === 'problems') {
    process.stderr.write(`${parsed.problems.join('\n')}\nTry --help.\n`);
    return 2;
  }
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    const emulator = await startEmulator(parsed.options);
    const secret = env.FUSEGATE_EMULATOR_API_KEY === emulator.apiKey;
    process.stdout.write(`${readyLines(emulator.url, secret ? undefined : emulator.apiKey).join('\n')}\n`);
    await stopped;
    await emulator.close();
    return 0;
  } catch (error) {
    process.stderr.write(`The emulator cannot run: ${(error as Error).message}\n`);
    return 2;
  }
}

/**
 * Everything a rehearsal needs, with lines to paste into another shell.
 * @param apiKey absent = it came as a secret and is not shown
 */
export function readyLines(url: string, apiKey: string | undefined): string[] {
  const sets = BUILT_IN_FUSION_SETS.map(
    ({ id, name, platform, playground }) =>
      `  ${id}  ${platform.padEnd(7)}  ${name}${playground ? ' (refused, as the service refuses such sets)' : ''}`,
  );
  const key = apiKey === undefined ? '"$FUSEGATE_EMULATOR_API_KEY"' : shellWord(apiKey);
  return [
    `listening on ${url}`,
    'This is a rehearsal: apps are not protected, and certificates are synthetic.',
    `API key: ${apiKey ?? 'the one in FUSEGATE_EMULATOR_API_KEY'}`,
    'Fusion Sets:',
    ...sets,
    'Paste into another terminal (any Android app will do):',
    `  export APPDOME_SERVER_BASE_URL=${url} APPDOME_API_KEY=${key}`,
    `  fusegate run --app app.apk --fusion-set-id ${FUSION_SET_IDS.androidFull} --sign private --signing-fingerprint ${SAMPLE_FINGERPRINT} --required-features "Root Detection"`,
  ];
}

/** Looks like the SHA-1 of a signing certificate, but belongs to none. */
const SAMPLE_FINGERPRINT = '0123456789ABCDEF0123456789ABCDEF01234567';

/** POSIX quoting, if the word needs it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replace(/'/gu, `'\\''`)}'`;
}
