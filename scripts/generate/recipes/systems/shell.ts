import { GENERATED, NPX } from '../cli-package.ts';
import { CLIENT_FLAGS } from '../migrations.ts';
import { REQUIRED, runCommand, type ScriptSystem } from '../script-system.ts';

const RUN = runCommand(['--app "$1" --sign on-appdome', `--required-features "${REQUIRED}"`, '--output-dir protected']);

export const SHELL_RECIPE: ScriptSystem = {
  id: 'shell',
  title: 'A shell script',
  what: 'A script for any system that runs commands, and for your own machine, protects the app',
  recipe: {
    file: 'protect.sh',
    language: 'sh',
    text: `#!/bin/sh
${GENERATED}# Usage: protect.sh APP
set -eu
${RUN}
. protected/private/fusegate.env
${NPX} verify --app "$PROTECTED_APP" --result "$RESULT" --max-age 24h
echo "ready to deploy: $PROTECTED_APP"
`,
  },
  setup: `Save it as \`protect.sh\` and call it with the app. The variables are \`APPDOME_API_KEY\`, \`APPDOME_ANDROID_FS_ID\`, \`ANDROID_KEYSTORE\` (a path or base64), \`ANDROID_KEYSTORE_ALIAS\`,
\`ANDROID_KEYSTORE_PASS\` and \`ANDROID_KEY_PASS\`.`,
  notes: [
    'Its exit status is that of the command that failed, so the job around it is red.',
    "Without npm's registry, use [the release file with its SHA-256](other-ci.md#how-a-job-gets-the-command).",
    'Keep the files in `protected/`, but not its folders `private/` and `rejected/`, as artifacts.',
  ],
  signing: 'Secrets come from variables, or from files: `--keystore-password-file FILE`.',
  verify: 'The script above does it. In a job of its own, hand on the app and `protected/fusegate-result.json`.',
  migration: {
    from: "Appdome's Python and Bash clients",
    source: "Their variables are read. Their flags are not; these are the Python client's (verified).",
    tables: [{ title: 'flag', names: CLIENT_FLAGS }],
  },
  needs: ['A POSIX shell.'],
  tried: 'Tests run the script against the embedded build service.',
};
