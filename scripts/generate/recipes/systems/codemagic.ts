import { GENERATED, NPX } from '../cli-package.ts';
import { CLIENT_FLAGS_LINK, CODEMAGIC_FLAGS, CODEMAGIC_NAMES } from '../migrations.ts';
import { ANDROID_APP, indented, REQUIRED, runCommand, type ScriptSystem, VERIFY } from '../script-system.ts';

const RUN = runCommand([
  `--app ${ANDROID_APP}`,
  '--sign on-appdome --keystore "$CM_KEYSTORE_PATH" --keystore-alias "$CM_KEY_ALIAS"',
  `--required-features "${REQUIRED}"`,
  '--output-dir protected',
]);

/** docs.codemagic.io: "Using codemagic.yaml", "Signing Android apps", "Environment variables", "AppDome integration". */
export const CODEMAGIC_RECIPE: ScriptSystem = {
  id: 'codemagic',
  title: 'Codemagic',
  what: 'One script step protects the app',
  recipe: {
    file: 'codemagic.yaml',
    language: 'yaml',
    text: `${GENERATED}workflows:
  android-release:
    name: Android release
    instance_type: linux_x2
    max_build_duration: 90
    environment:
      node: 22
      groups: [appdome]
      android_signing: [release_keystore]
    scripts:
      - name: Build
        script: ./gradlew bundleRelease
      - name: Protect with Appdome
        test_report: protected/fusegate-junit.xml
        script: |
          set -e
          export ANDROID_KEYSTORE_PASS="$CM_KEYSTORE_PASSWORD" ANDROID_KEY_PASS="$CM_KEY_PASSWORD"
          ${indented(RUN, 10)}
          cat protected/private/fusegate.dotenv >> "$CM_ENV"
      - name: Verify what is published
        script: ${VERIFY}
    # Codemagic publishes what is listed here: nothing but the protected app, and its reports.
    artifacts:
      - protected/app-release.aab
      - protected/fusegate-report.html
      - protected/fusegate-result.json
`,
  },
  setup: `Put it into \`codemagic.yaml\` and add your \`publishing:\`. Make a group \`appdome\` of environment variables with \`APPDOME_API_KEY\` (Secret) and
\`APPDOME_ANDROID_FS_ID\`, and upload the keystore under Code signing identities with the reference name \`release_keystore\`: Codemagic sets the \`CM_…\` variables from it.`,
  notes: [
    'A step that fails ends the build before anything is published. Requirements are shown as tests, by `test_report`.',
    'Later steps get the [outputs](reference/outputs.md) as variables, `$PROTECTED_APP` and `$BUILD_ID` among them, through `$CM_ENV`.',
    'A build ends after 60 minutes unless `max_build_duration` allows more (documented); a run takes 55 at most.',
  ],
  signing: `For an .ipa, give the certificate and the profile of \`ios_signing\` names with \`environment_variable\`, and set \`IOS_P12_PASSWORD\` in the group, since Codemagic does
not hand out the password of a certificate (documented):

\`\`\`sh
${NPX} run --app build/ios/ipa/App.ipa --sign on-appdome --p12 "$CERTIFICATE_PATH" --provisioning-profiles "$PROVISIONING_PROFILE_PATH" \\
  --required-features "Jailbreak Detection" --output-dir protected
\`\`\``,
  verify: 'The last step above does it, in the same build, before Codemagic publishes.',
  migration: {
    from: "Codemagic's page on Appdome",
    source:
      "Codemagic's page on Appdome (2026-05, documented by a third party) has no step of its own: its scripts clone Appdome's Python client and run `appdome_api.py`. Replace both steps by the one above.",
    tables: [
      { title: 'variable', names: CODEMAGIC_NAMES },
      { title: 'flag', names: CODEMAGIC_FLAGS },
    ],
    notes: [
      `All other flags are the client's: ${CLIENT_FLAGS_LINK}.`,
      'The app is `protected/app-release.aab` instead of `$CM_BUILD_OUTPUT_DIR/app-hardened.aab`; `--output-name app-hardened` gives it that name.',
      'The page publishes the certificate, which its issuer marks confidential. If you want that, list `protected/private/*.pdf` among the artifacts.',
    ],
  },
  needs: ['Any instance type on Linux or macOS; `node: 22` selects the Node (documented).'],
};
