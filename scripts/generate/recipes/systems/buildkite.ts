import { GENERATED } from '../cli-package.ts';
import { NO_OFFICIAL } from '../migrations.ts';
import { ANDROID_APP, ANDROID_OPTIONS, indented, runCommand, type ScriptSystem, VERIFY } from '../script-system.ts';

const RUN = runCommand([...ANDROID_OPTIONS.slice(0, -1), `${ANDROID_OPTIONS.at(-1)} || status=$$?`]);

/** buildkite.com/docs: "Command step", "Build artifacts", "buildkite-agent annotate", "Environment variables" (interpolation). */
export const BUILDKITE_RECIPE: ScriptSystem = {
  id: 'buildkite',
  title: 'Buildkite',
  what: 'One command step protects the app',
  recipe: {
    file: 'pipeline.yml',
    language: 'yaml',
    text: `${GENERATED}steps:
  - key: build
    label: Build
    command: ./gradlew bundleRelease
    artifact_paths: ${ANDROID_APP}
  - key: protect
    label: Protect with Appdome
    depends_on: build
    # The upload of the pipeline replaces $NAME; $$ leaves it to the shell.
    command: |
      set -e
      buildkite-agent artifact download ${ANDROID_APP} .
      status=0
      ${indented(RUN, 6)}
      style=error
      ! grep -sqx VERDICT=pass protected/private/fusegate.dotenv || style=success
      [ ! -f protected/fusegate-summary.md ] ||
        buildkite-agent annotate --context fusegate-summary --style "$$style" < protected/fusegate-summary.md
      exit "$$status"
    # The files in it, not its folders: the certificates are confidential, and a held-back app is not to be shipped.
    artifact_paths: protected/*
  - key: deploy
    label: Deploy
    depends_on: protect
    if: build.tag != null
    command: |
      set -e
      buildkite-agent artifact download "protected/*" . --step protect
      ${VERIFY}
      ./deploy.sh protected/app-release.aab
`,
  },
  setup: `Put it into \`.buildkite/pipeline.yml\`. The agent's \`environment\` hook, or Buildkite's secrets, sets \`APPDOME_API_KEY\`, \`APPDOME_ANDROID_FS_ID\`, \`ANDROID_KEYSTORE\` (a path or base64),
\`ANDROID_KEYSTORE_ALIAS\`, \`ANDROID_KEYSTORE_PASS\` and \`ANDROID_KEY_PASS\`. Never write a secret into the pipeline: its upload would send it along.`,
  notes: [
    'The summary is an annotation of the build, green only for `verdict: pass`. The artifacts of a red run are kept, too.',
    'A step that failed leaves those that depend on it unrun, so nothing is deployed.',
    'For the tab *Tests*, hand `protected/fusegate-junit.xml` to a test collector.',
  ],
  signing:
    'On an agent of your own the keystore may be a file that only the agent can read: `ANDROID_KEYSTORE` is its path.',
  verify: 'The step *deploy* above does it: it downloads the app and the result of the step *protect*.',
  migration: NO_OFFICIAL,
  needs: ['Agents on Linux or macOS with Node 20.20 or newer and npm.'],
};
