import { GENERATED, NPX } from '../cli-package.ts';
import { APPCIRCLE_ANDROID, APPCIRCLE_IOS } from '../migrations.ts';
import { REQUIRED, runCommand, type ScriptSystem } from '../script-system.ts';

const RUN = runCommand([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
  '--app "${AC_APPDOME_APP_PATH:-${AC_AAB_PATH:-$AC_APK_PATH}}"',
  '--fusion-set-id "$AC_APPDOME_FUSION_SET_ID"',
  '--sign on-appdome --keystore "$AC_ANDROID_KEYSTORE_PATH" --keystore-alias "$AC_ANDROID_ALIAS"',
  `--required-features "${REQUIRED}"`,
  '--output-dir "$AC_TEMP_DIR/protected" || status=$?',
]);

/** docs.appcircle.io: "Custom Script", "Reserved Variables", "Android Sign". */
export const APPCIRCLE_RECIPE: ScriptSystem = {
  id: 'appcircle',
  title: 'Appcircle',
  what: 'One Custom Script step protects the app',
  recipe: {
    file: 'protect.sh',
    language: 'bash',
    text: `#!/usr/bin/env bash
${GENERATED}set -euo pipefail
cd "$AC_REPOSITORY_DIR"

export ANDROID_KEYSTORE_PASS="$AC_ANDROID_KEYSTORE_PASSWORD" ANDROID_KEY_PASS="$AC_ANDROID_ALIAS_PASSWORD"
status=0
${RUN}

# Appcircle keeps all that lies in its output folder. The certificates are confidential, and a held-back app is not to be shipped.
mkdir -p "$AC_OUTPUT_DIR/fusegate"
find "$AC_TEMP_DIR/protected" -maxdepth 1 -type f -exec cp {} "$AC_OUTPUT_DIR/fusegate/" \\;
[ "$status" -eq 0 ] || exit "$status"

. "$AC_TEMP_DIR/protected/private/fusegate.env"
case "$PROTECTED_APP" in
  *.apk) name=AC_APPDOME_SECURED_APK_PATH ;;
  *.aab) name=AC_APPDOME_SECURED_AAB_PATH ;;
  *.ipa) name=AC_APPDOME_SECURED_IPA_PATH ;;
  *) name=AC_APPDOME_PRIVATE_SIGN_SCRIPT_PATH ;;
esac
{
  echo "$name=$PROTECTED_APP"
  echo "AC_APPDOME_CERTIFICATE_PATH=$CERTIFICATE_PDF"
  echo "AC_TEST_RESULT_PATH=$AC_OUTPUT_DIR/fusegate"
  cat "$AC_TEMP_DIR/protected/private/fusegate.dotenv"
} >> "$AC_ENV_FILE_PATH"
`,
  },
  setup: `Add a *Custom Script* step (Bash) after the one that builds the app, and paste this. The keystore is the one of the build configuration. A variable group of the
build has \`APPDOME_API_KEY\` (secret) and \`AC_APPDOME_FUSION_SET_ID\`.`,
  notes: [
    'A script that ends with another status than 0 fails the step, and the build stops there unless the step is set to continue.',
    'Later steps get the app as `$AC_APPDOME_SECURED_AAB_PATH` (`…APK…`, `…IPA…`), and the [outputs](reference/outputs.md) as `$PROTECTED_APP`, `$BUILD_ID` and so on.',
    "The build's artifacts may still hold the app that went in, from the step that built it: distribute `$AC_APPDOME_SECURED_AAB_PATH`, no other.",
    "App and reports are among the build's artifacts. The step *Test Reports* shows the requirements: the recipe sets `AC_TEST_RESULT_PATH`.",
  ],
  signing: `For an .ipa, these options take the place of the keystore's; Appcircle separates profiles by \`|\`:

\`\`\`bash
export IOS_P12_PASSWORD="$AC_APPDOME_CERTIFICATES_PASS"
${NPX} run --app "$AC_APPDOME_IPA_PATH" --fusion-set-id "$AC_APPDOME_FUSION_SET_ID" \\
  --sign on-appdome --p12 "$AC_APPDOME_CERTIFICATES" --provisioning-profiles "\${AC_APPDOME_PROVISIONING_PROFILES//|/,}" \\
  --required-features "Jailbreak Detection" --output-dir "$AC_TEMP_DIR/protected"
\`\`\``,
  verify: `In the same build, put this into a Custom Script right before the step that distributes the app; in the Publish module, into the first step of the flow, with the app
and the \`fusegate-result.json\` of the build:

\`\`\`sh
${NPX} verify --app "$PROTECTED_APP" --result "$RESULT" --max-age 24h
\`\`\``,
  migration: {
    from: "Appcircle's own components",
    source:
      'From the sources of `appcircle-android-appdome-component` and `appcircle-ios-appdome-component` (verified). Remove the component, add the step above, and keep the variable group.',
    tables: [
      { title: 'Android', names: APPCIRCLE_ANDROID },
      { title: 'iOS', names: APPCIRCLE_IOS },
    ],
    notes: [
      'The app is not called `Appdome_<name>`; `--output-name` gives it another name.',
      'The components clone the client at its newest state while they run, and pass the API key as an argument. Neither happens here.',
    ],
  },
  needs: [
    "Appcircle's runners are macOS and Linux. If `node --version` shows one older than 20.20, let a step before it install a newer one.",
  ],
};
