import { GENERATED, NPX } from '../cli-package.ts';
import { NO_OFFICIAL } from '../migrations.ts';
import { runCommand, type ScriptSystem } from '../script-system.ts';

const RUN = runCommand([
  '--app "$CI_APP_STORE_SIGNED_APP_PATH/*.ipa" --sign on-appdome',
  '--required-features "Jailbreak Detection, Anti-Debugging"',
  '--output-dir protected',
]);

/** developer.apple.com: "Writing custom build scripts", "Environment variable reference"; that the exported .ipa lies in that folder: scripts in use. */
export const XCODE_CLOUD_RECIPE: ScriptSystem = {
  id: 'xcode-cloud',
  title: 'Xcode Cloud',
  what: 'The script that Xcode Cloud runs after `xcodebuild` protects the app',
  recipe: {
    file: 'ci_scripts/ci_post_xcodebuild.sh',
    language: 'sh',
    text: `#!/bin/sh
${GENERATED}set -eu

# Xcode Cloud runs this after each of its actions; an archive is what is released.
[ "\${CI_XCODEBUILD_ACTION:-}" = archive ] || exit 0
if [ -z "\${CI_APP_STORE_SIGNED_APP_PATH:-}" ]; then
  echo 'error: the archive was not exported for the App Store: choose it as distribution preparation of the workflow' >&2
  exit 1
fi

cd "$CI_PRIMARY_REPOSITORY_PATH"
PATH="$(brew --prefix node@22)/bin:$PATH"
export PATH
${RUN}
. protected/private/fusegate.env
${NPX} verify --app "$PROTECTED_APP" --result "$RESULT" --max-age 24h
./deploy.sh "$PROTECTED_APP"
`,
  },
  beside: {
    'ci_scripts/ci_post_clone.sh': `#!/bin/sh
${GENERATED}set -eu
brew install node@22
`,
  },
  setup: `Put it into \`ci_scripts/\` beside the project, executable (\`chmod +x\`), with a \`ci_post_clone.sh\` that brings Node; both are in \`recipes/xcode-cloud/\`. The section Environment of the workflow
has, as secrets: \`APPDOME_API_KEY\`, \`APPDOME_IOS_FS_ID\`, \`IOS_P12\` (base64), \`IOS_P12_PASSWORD\` and \`IOS_MOBILEPROVISION\` (base64).

\`\`\`sh
brew install node@22   # ci_scripts/ci_post_clone.sh
\`\`\``,
  notes: [
    '**Xcode Cloud itself distributes the app that it built, which is not the protected one.** Take the actions for TestFlight and the App Store out of this workflow, and upload the app in `deploy.sh`.',
    'A script that ends with another status than 0 fails the build (documented). That the exported `.ipa` lies in the folder `$CI_APP_STORE_SIGNED_APP_PATH` is what scripts in use expect (inferred).',
    'Reports stay on the machine, which is thrown away: what was missing is in the log. `deploy.sh` can upload the files of `protected/`, but not its folders `private/` and `rejected/`.',
  ],
  signing:
    "The service signs with your distribution identity, because Apple's own, with which Xcode Cloud signs, cannot leave Apple. For an app with extensions, set `IOS_MOBILEPROVISION_1`, `IOS_MOBILEPROVISION_2` and so on.",
  verify: 'The script above does it before `deploy.sh`.',
  migration: NO_OFFICIAL,
  needs: ['Homebrew is there (documented by Apple), Node is not.'],
};
