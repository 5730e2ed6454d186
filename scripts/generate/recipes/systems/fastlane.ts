import { GENERATED } from '../cli-package.ts';
import { CLIENT_FLAGS_LINK } from '../migrations.ts';
import type { ScriptSystem } from '../script-system.ts';

/** docs.fastlane.tools: "Actions", "Plugins" (local actions), "Advanced lanes" (lane context). */
export const FASTLANE_RECIPE: ScriptSystem = {
  id: 'fastlane',
  title: 'fastlane',
  what: 'One action protects the app',
  recipe: {
    file: 'Fastfile',
    language: 'ruby',
    text: `${GENERATED}lane :release do
  gradle(task: 'bundle', build_type: 'Release')
  fusegate(
    fusion_set_id: ENV['FUSION_SET_ID'],
    sign: 'on-appdome',
    keystore: 'release.jks',
    keystore_alias: 'release',
    required_features: ['Root Detection', 'Detect Developer Options']
  )
  fusegate(
    mode: 'verify',
    app: lane_context[SharedValues::FUSEGATE_PROTECTED_APP],
    result: lane_context[SharedValues::FUSEGATE_RESULT],
    max_age: '24h'
  )
  upload_to_play_store(aab: lane_context[SharedValues::FUSEGATE_PROTECTED_APP])
end
`,
  },
  setup: `Copy [\`recipes/fastlane/actions/fusegate.rb\`](../recipes/fastlane/actions/fusegate.rb) to \`fastlane/actions/\` and commit it; it runs one exact version of the command line. \`APPDOME_API_KEY\`,
\`ANDROID_KEYSTORE_PASS\` and \`ANDROID_KEY_PASS\` come from the environment, or as \`api_key:\`, \`keystore_password:\` and \`key_password:\`. Either way they are never arguments of a process.`,
  notes: [
    '`app` defaults to what `gradle` or `gym` built in this lane, if it is exactly one file.',
    'A run that is not green is a `user_error!`, which stops the lane. `lane_context[SharedValues::FUSEGATE_VERDICT]`, `FUSEGATE_BUILD_ID` and the other outputs are set before it.',
    'Afterwards `lane_context` names the protected app where it named the one that went in, and nothing where there is none. Name the app all the same: `upload_to_play_store` also looks for files by itself (documented).',
    '`fastlane action fusegate` lists all options: the names of [all options](reference/options.md) with `_` for `-`.',
  ],
  signing: `For an .ipa, use \`p12: 'distribution.p12'\` with \`IOS_P12_PASSWORD\`, and \`provisioning_profiles: ['app.mobileprovision', 'widget.mobileprovision']\`; \`match\` and \`sigh\` leave the paths of profiles in the
lane context. Files may be paths, https URLs or base64.`,
  gateOnly: {
    language: 'ruby',
    text: `fusegate(mode: 'gate', build_id: 'BUILD_ID', required_features: ['Root Detection'])
fusegate(mode: 'gate', certificate: ['certificate.pdf'], policy: 'security/appdome-policy.yml') # needs no key
`,
  },
  verify: 'The second call above does it.',
  migration: {
    from: "a lane that calls Appdome's client",
    source: `We know of no fastlane plugin by Appdome. Lanes call the Python or the Bash client by \`sh\` (inferred): ${CLIENT_FLAGS_LINK}. The action has the same names with \`_\` for \`-\`.`,
    tables: [],
    notes: [
      '`sh` prints its command: a key or a password among the arguments is in the log of such a lane, so replace it.',
    ],
  },
  needs: ['fastlane, on Ruby 2.6 or newer, with `npx` on PATH.'],
  tried:
    "Tests run the action under a stand-in for fastlane's API, written after its source, against the embedded build service; we had no fastlane to try.",
};
