import { allModes, endpoints, type FidelityChapter, flow, official, strict } from './row.ts';

export const buildFacts: FidelityChapter = {
  title: 'Building and signing',
  rows: [
    {
      route: 'POST /tasks',
      fact: '`action=fuse` takes `app_id`, `fusion_set_id`, `overrides` and answers `task_id`.',
      confidence: ['V'],
      source: ['3.6'],
      tests: allModes,
    },
    {
      route: 'POST /tasks',
      fact: 'Baseline and startup profile, input mapping, and one part per pinned host, under a name with brackets and quotes.',
      confidence: ['V'],
      source: ['3.6'],
      tests: [
        ...official(
          'the official Python client > sends profiles, input mapping and pinned certificates, under names with brackets and quotes',
        ),
        ...endpoints('the strictness of the forms > knows the parts of a pinned certificate by their whole name'),
      ],
    },
    {
      route: 'POST /tasks',
      fact: 'What fuse refuses: missing or unknown ids, another platform.',
      confidence: ['D3', 'I'],
      source: ['3.6', '8.1'],
      tests: strict('POST /tasks refuses > %s'),
    },
    {
      route: 'POST /build-to-test',
      fact: 'As fuse, with `build_to_test_vendor`: twelve constants of the clients and the documentation’s name of Tosca.',
      confidence: ['V', 'D'],
      source: ['3.7'],
      tests: [
        ...endpoints('POST /build-to-test > takes %s'),
        ...official(
          'the official Python client > builds to test for %s',
          'the official bash client > builds to test for %s',
          'both official clients > know no more vendors than the service',
        ),
      ],
    },
    {
      route: 'POST /build-to-test',
      fact: 'No vendor, or another one, is refused.',
      confidence: ['I'],
      source: ['3.7'],
      tests: endpoints('POST /build-to-test > refuses no vendor and one that it does not know'),
    },
    {
      fact: '`action=context` takes bundle keys, an icon and an overlay; it is optional, and may come with `{}`.',
      confidence: ['V'],
      source: ['3.8'],
      tests: [
        ...endpoints('context > with %s'),
        ...official(
          'the official Python client > runs context always, with {} as well, and signs after it',
          'the official bash client > %s',
        ),
      ],
    },
    {
      fact: 'Overlays have a scale of 20 to 50 and four positions; a value outside of that is refused at once.',
      confidence: ['D', 'I'],
      source: ['3.8'],
      tests: endpoints('context > with %s'),
    },
    {
      fact: '`action=sign` for Android: keystore, its password, alias and key password.',
      confidence: ['V'],
      source: ['3.9'],
      tests: [...strict('POST /tasks refuses > sign without keystore or without a password'), ...allModes],
    },
    {
      fact: '`action=sign` for iOS: p12 and password, profiles and entitlements repeated; at least one profile.',
      confidence: ['V'],
      source: ['3.9', '8.1'],
      tests: [
        ...flow('the main flow > signs an iOS app with a profile'),
        ...strict('POST /tasks refuses > an iOS signing without a profile'),
        ...allModes,
      ],
    },
    {
      fact: 'What is looked at inside keystores, p12 files, profiles and entitlements (on request).',
      confidence: ['synthetic'],
      source: ['3.9'],
      tests: endpoints('signing > looks into files on request: %s'),
    },
    {
      fact: 'Google Play signing, upgraded keys and trusted fingerprint lists, in each of the three signing actions.',
      confidence: ['V'],
      source: ['3.9', '3.10', '3.11'],
      tests: [...strict('POST /tasks refuses > seal with %s'), ...allModes],
    },
    {
      fact: 'Fingerprints are 40 or 64 hex digits, colons or not; the ways of giving them exclude each other.',
      confidence: ['V', 'I'],
      source: ['3.9', '8.1'],
      tests: [
        ...strict('POST /tasks refuses > seal with %s'),
        ...endpoints('signing > refuses a trusted list whose flag is not a flag'),
      ],
    },
    {
      fact: '`action=seal`: private signing; Android needs a fingerprint and no file.',
      confidence: ['V'],
      source: ['3.10'],
      tests: [...flow('the main flow > seals for private signing: another output, no final hash'), ...allModes],
    },
    {
      fact: '`action=sign_script`: the output is a bash script, without a second output.',
      confidence: ['V'],
      source: ['3.11'],
      tests: [...flow('the main flow > gives a script for sign_script'), ...allModes],
    },
    {
      fact: 'What the script does: ours contains the app and writes it, with a rehearsal signature.',
      confidence: ['synthetic'],
      source: ['3.11'],
      tests: [
        ...endpoints('signing > gives a script that writes the app, with a signature of the rehearsal'),
        ...official('both official clients > validate an app that was sealed and signed locally, by its script'),
      ],
    },
    {
      fact: 'Android SDKs are not signed; iOS SDKs are signed with a p12 alone or sealed.',
      confidence: ['V'],
      source: ['3.9', '3.10', '3.26'],
      tests: allModes,
    },
    {
      fact: 'An SDK is refused what it does not have.',
      confidence: ['I'],
      source: ['3.26'],
      tests: endpoints('signing > refuses what an SDK does not have'),
    },
    {
      fact: 'An action on a build that is at work is refused.',
      confidence: ['I'],
      source: ['8.1'],
      tests: strict('POST /tasks refuses > an action while the build is busy, and records it'),
    },
    {
      route: 'GET /tasks/{taskId}/status',
      fact: '`status`, `message` of a failure, `obfuscationMapExists`; messages with `text`, `message_type`, `creation_time` on request.',
      confidence: ['V'],
      source: ['3.12', '8.1'],
      tests: [
        ...strict('time > gives messages once, by lastDate'),
        ...flow('further outputs > has mapping files where the set obfuscates, as the status says'),
        ...allModes,
      ],
    },
    {
      route: 'GET /tasks/{taskId}/status',
      fact: 'Messages newer than `lastDate`, each once.',
      confidence: ['I'],
      source: ['3.12', '8.1'],
      tests: [
        'emulator/test/state/timeline.test.ts > workflowMessages > a client that asks after its last one sees every message once, whenever it asks',
        ...official('the official bash client > shows messages since now, each once'),
      ],
    },
    {
      route: 'GET /tasks/{taskId}/status',
      fact: 'The texts of messages, and their `message_type`.',
      confidence: ['synthetic'],
      source: ['3.12'],
      tests: strict('time > gives messages once, by lastDate'),
    },
    {
      fact: '`action=appdome_test` answers with a new task id and leaves the build as it is; builds to test are not eligible.',
      confidence: ['T'],
      source: ['3.13'],
      tests: endpoints('Appdome Test > is a task of its own', 'Appdome Test > is not for a build to test'),
    },
  ],
};
