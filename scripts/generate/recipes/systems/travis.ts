import { GENERATED } from '../cli-package.ts';
import { NO_OFFICIAL } from '../migrations.ts';
import { ANDROID_OPTIONS, indented, runCommand, type ScriptSystem, VERIFY } from '../script-system.ts';

const RUN = runCommand([...ANDROID_OPTIONS, '--timeout 40m']);

/** docs.travis-ci.com: "Job Lifecycle", "Customizing the Build" (time-outs), "Script deployment", "Environment Variables". */
export const TRAVIS_RECIPE: ScriptSystem = {
  id: 'travis',
  title: 'Travis CI',
  what: 'One entry of `script` protects the app',
  recipe: {
    file: '.travis.yml',
    language: 'yaml',
    text: `${GENERATED}language: android
before_install:
  - nvm install 22
script:
  # In one entry: Travis goes on with the next one after a failure.
  - |
    ./gradlew bundleRelease &&
    ${indented(RUN, 4)}
deploy:
  provider: script
  # Or the folder with the protected app is tidied away.
  skip_cleanup: true
  script: >-
    ${VERIFY} &&
    ./deploy.sh protected/app-release.aab
  on:
    tags: true
`,
  },
  setup: `Put it into \`.travis.yml\`, and the secrets into the settings of the repository (Environment Variables, not displayed in the log):
\`APPDOME_API_KEY\`, \`APPDOME_ANDROID_FS_ID\`, \`ANDROID_KEYSTORE\` (base64), \`ANDROID_KEYSTORE_ALIAS\`, \`ANDROID_KEYSTORE_PASS\` and \`ANDROID_KEY_PASS\`.`,
  notes: [
    'Travis deploys only if every entry of `script` succeeded, so a red gate stops the release (documented).',
    'It ends a job after 50 minutes (documented), so `--timeout` is shorter than by default.',
    'It has no page for reports or files: what was missing is in the log. To keep `protected/`, upload the files in it, but not its folders `private/` and `rejected/`.',
    'Pull requests from forks get no secrets; the command then says so.',
  ],
  signing: 'Encrypted files (`travis encrypt-file`) work as well: `--keystore release.jks` instead of the variable.',
  verify: 'The phase `deploy` above does it, in the same job and on the same file.',
  migration: NO_OFFICIAL,
  needs: ['A job that runs on Linux or macOS with `nvm` (documented), or a Node of its own.'],
};
