import { GENERATED } from '../cli-package.ts';
import { NO_OFFICIAL } from '../migrations.ts';
import { ANDROID_APP, ANDROID_OPTIONS, indented, runCommand, type ScriptSystem, VERIFY } from '../script-system.ts';

/** support.atlassian.com: "Pipeline artifacts", "Test reporting in Pipelines", "Step options", "Variables and secrets". */
export const BITBUCKET_RECIPE: ScriptSystem = {
  id: 'bitbucket',
  title: 'Bitbucket Pipelines',
  what: 'One step of the pipeline protects the app',
  recipe: {
    file: 'bitbucket-pipelines.yml',
    language: 'yaml',
    text: `${GENERATED}pipelines:
  tags:
    "v*":
      - step:
          name: Build
          image: YOUR_ANDROID_IMAGE
          script:
            - ./gradlew bundleRelease
          artifacts:
            - ${ANDROID_APP}
      - step:
          name: Protect with Appdome
          image: node:22
          script:
            - |
              ${indented(runCommand(ANDROID_OPTIONS), 14)}
          after-script:
            # Bitbucket looks for test reports in folders of this name.
            - mkdir -p test-results
            - cp protected/fusegate-junit.xml test-results/
          artifacts:
            upload:
              - name: protected
                type: shared
                capture-on: always
                paths: [protected/*]
                # The certificates are marked confidential by their issuer, and a held-back app is not to be shipped.
                ignore-paths: [protected/private/**, protected/rejected/**]
      - step:
          name: Deploy
          image: node:22
          deployment: production
          script:
            - ${VERIFY}
            - ./deploy.sh protected/app-release.aab
`,
  },
  setup: `Put it into \`bitbucket-pipelines.yml\`. The variables of the repository (Repository settings, Repository variables) are \`APPDOME_ANDROID_FS_ID\` and \`ANDROID_KEYSTORE_ALIAS\`, and
secured: \`APPDOME_API_KEY\`, \`ANDROID_KEYSTORE\` (base64), \`ANDROID_KEYSTORE_PASS\` and \`ANDROID_KEY_PASS\`.`,
  notes: [
    'A step that fails stops the pipeline, so nothing is deployed. Requirements are shown on the tab *Tests*.',
    'The protected app and the reports are artifacts, of a red run, too: `capture-on: always`.',
    'A step ends after 120 minutes (documented); a run takes 55 at most.',
  ],
  signing: 'A variable holds the keystore as base64, so no file has to be kept in the repository.',
  verify: 'The step *Deploy* above does it: it gets the app and the result as artifacts.',
  migration: NO_OFFICIAL,
  needs: ['An image with Node 20.20 or newer; `node:22` is one. No pipe, no Docker service.'],
};
