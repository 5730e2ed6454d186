/** What a job of any system finds: the sources, the app that a build leaves, and a PATH whose `npx` runs the command of this repository. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '@fusegate/shared/model/version';
import { PUBLISH } from '../../../scripts/publish.mjs';
import { type ChildEnd, ROOT, runChild } from '../../adapters/support/child-process.ts';
import { writeAab, writeIpa } from '../../e2e/support/apps.ts';
import { temporaryFolder } from '../../e2e/support/cli.ts';
import { API_KEY } from '../../e2e/support/service.ts';
import { COMPILED_ONCE, TEST_TIME } from '../../e2e/support/test-time.ts';

export const ANDROID_APP = 'app/build/outputs/bundle/release/app-release.aab';
const EXACT = `${PUBLISH.npmPackage}@${VERSION}`;

/** In no argument of any process. */
export const SECRETS = {
  APPDOME_API_KEY: API_KEY,
  ANDROID_KEYSTORE: Buffer.from('\0synthetic keystore'.repeat(20)).toString('base64'),
  ANDROID_KEYSTORE_PASS: 'store-pass-71c2',
  ANDROID_KEY_PASS: 'key-pass-90ad',
};

/** `npx` as it was called, and then: the command itself, or a run that the gate stopped. */
const GREEN = `exec '${process.execPath}' '${COMPILED_ONCE}' '${path.join(ROOT, 'cli/dist/fusegate.cjs')}' "$@"`;
const RED = `
while [ "$#" -gt 0 ]; do
  case "$1" in
    --output-dir) dir=$2 ;;
    --output-dir=*) dir=\${1#*=} ;;
  esac
  shift
done
[ -n "\${dir:-}" ] || exit 6
mkdir -p "$dir/private" "$dir/rejected"
echo VERDICT=fail > "$dir/private/fusegate.dotenv"
echo held back > "$dir/rejected/app-release.aab"
for name in fusegate-junit.xml fusegate-summary.md fusegate-result.json; do echo red > "$dir/$name"; done
exit 6`;

export interface Workplace {
  /** Outside of every job. */
  root: string;
  env: Record<string, string>;
  /** A folder with the sources, as a machine gets them. */
  checkout(): string;
  shell(script: string, cwd: string, more?: Record<string, string>): Promise<ChildEnd>;
  /** What `./deploy.sh` was called with, and whether that file was there. */
  deployed(): string[];
  /** Arguments of each call of npx. */
  calls(): string[];
}

function program(file: string, text: string) {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const linesOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);

/** @param service the environment that leads to it; none for a run that the gate stops */
export function workplace(service: Record<string, string> | undefined): Workplace {
  const root = temporaryFolder('fusegate-recipes-');
  const at = (name: string) => path.join(root, name);
  mkdirSync(at('bin'));
  mkdirSync(at('apps'));
  const aab = writeAab(at('apps'), 'app-release.aab');
  writeIpa(at('apps'), 'App.ipa');
  program(
    at('bin/npx'),
    `echo "$*" >> '${at('calls')}'
[ "$1 $2" = '--yes ${EXACT}' ] || exit 99
shift 2
${service ? GREEN : RED}`,
  );
  const env = {
    PATH: `${at('bin')}:/usr/bin:/bin`,
    HOME: root,
    ...TEST_TIME,
    ...SECRETS,
    ANDROID_KEYSTORE_ALIAS: 'release',
    FUSEGATE_REHEARSAL: 'true',
    ...service,
  };
  return {
    root,
    env,
    checkout() {
      const dir = temporaryFolder('fusegate-checkout-');
      program(path.join(dir, 'gradlew'), `mkdir -p '${path.dirname(ANDROID_APP)}' && cp '${aab}' '${ANDROID_APP}'`);
      program(path.join(dir, 'deploy.sh'), `[ -s "$1" ] && echo "$*" >> '${at('deployed')}'`);
      return dir;
    },
    shell: (script, cwd, more = {}) => runChild('bash', ['-c', script], { cwd, env: { ...env, ...more } }),
    deployed: () => linesOf(at('deployed')),
    calls: () => linesOf(at('calls')),
  };
}

/** As a fleet of stand-ins for a system's own programs: by name, what each does in `sh`. */
export function addPrograms({ root }: Workplace, programs: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(programs)) program(path.join(root, 'bin', name), text);
}
