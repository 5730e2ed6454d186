/** Examples of the orb, and the snippets of docs/circleci.md. */

export interface OrbExample {
  description: string;
  jobs?: Record<string, unknown>;
  workflows: Record<string, unknown>;
}

const NODE = [{ image: 'cimg/node:22.23.3' }];
const REQUIRED = 'Root Detection, Detect Developer Options';

const PROTECT = {
  context: ['appdome'],
  requires: ['build'],
  app: 'app/build/outputs/bundle/release/app-release.aab',
  sign: 'on-appdome',
  'keystore-alias': 'release',
  'required-features': REQUIRED,
};

const BUILD = {
  docker: [{ image: 'cimg/android:2024.11.1' }],
  steps: [
    'checkout',
    { run: './gradlew bundleRelease' },
    { persist_to_workspace: { root: '.', paths: ['app/build/outputs'] } },
  ],
};

export const ORB_EXAMPLES: Readonly<Record<string, OrbExample>> = {
  protect_and_deploy: {
    description:
      'Builds, protects and deploys. The deploy job starts only with a proven app, and checks that it has that very file.',
    jobs: {
      build: BUILD,
      deploy: {
        docker: NODE,
        steps: [
          'checkout',
          { attach_workspace: { at: '.' } },
          {
            'fusegate/verify': {
              app: 'fusegate-published/app-release.aab',
              result: 'fusegate-published/fusegate-result.json',
              'max-age': '24h',
            },
          },
          { run: './deploy.sh fusegate-published/app-release.aab' },
        ],
      },
    },
    workflows: {
      release: {
        jobs: ['build', { 'fusegate/protect': PROTECT }, { deploy: { requires: ['fusegate/protect'] } }],
      },
    },
  },
  gate_only: {
    description: 'Judges the certificate of a build that something else has made. It needs no key.',
    jobs: {
      gate: {
        docker: NODE,
        steps: [
          'checkout',
          { 'fusegate/gate': { certificate: 'certificate.pdf', policy: 'security/appdome-policy.yml' } },
        ],
      },
    },
    workflows: { judge: { jobs: ['gate'] } },
  },
};
