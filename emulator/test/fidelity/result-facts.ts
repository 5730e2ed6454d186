import { allModes, endpoints, type FidelityChapter, flow, official, strict } from './row.ts';

export const resultFacts: FidelityChapter = {
  title: 'Outputs, validation and the rest',
  rows: [
    {
      route: 'GET /tasks/{taskId}/output',
      fact: 'The app, or the script of sign_script.',
      confidence: ['V'],
      source: ['3.14', '8.1'],
      tests: [...flow('the main flow > signs on Appdome: output, both certificates and hashes agree'), ...allModes],
    },
    {
      route: 'GET /tasks/{taskId}/output',
      fact: '`action=sign_second_output`: the universal APK of an .aab; not after sign_script.',
      confidence: ['D', 'V'],
      source: ['3.14'],
      tests: [
        ...flow(
          'further outputs > has a second output for an .aab only',
          'the main flow > gives a script for sign_script',
        ),
        ...allModes,
      ],
    },
    {
      route: 'GET /tasks/{taskId}/output',
      fact: '`action=deobfuscation_script`: a ZIP with three members, 404 if there is none.',
      confidence: ['V'],
      source: ['3.14', '8.1'],
      tests: [...flow('further outputs > has mapping files where the set obfuscates, as the status says'), ...allModes],
    },
    {
      route: 'GET /tasks/{taskId}/output',
      fact: 'Outputs may redirect to another host, which must not see the key.',
      confidence: ['I'],
      source: ['3.14', '8.1'],
      tests: flow('further outputs > redirects outputs to another origin that refuses the key'),
    },
    {
      route: 'GET /tasks/{taskId}/output',
      fact: 'Before it is completed: 404, or 400 by a switch.',
      confidence: ['I'],
      source: ['8.1', '11'],
      tests: strict('failures of a build > has no certificate before signing, and no output while it works'),
    },
    {
      route: 'GET /tasks/{taskId}/certificate',
      fact: 'The PDF, last, after signing.',
      confidence: ['V'],
      source: ['3.15'],
      tests: [...flow('the main flow > signs on Appdome: output, both certificates and hashes agree'), ...allModes],
    },
    {
      route: 'GET /tasks/{taskId}/certificate-json',
      fact: 'The same as JSON text.',
      confidence: ['V'],
      source: ['3.15'],
      tests: allModes,
    },
    {
      fact: 'There is no certificate before signing, except for SDKs, which are not signed.',
      confidence: ['I'],
      source: ['3.15', '3.26'],
      tests: [
        ...strict('failures of a build > has no certificate before signing, and no output while it works'),
        ...flow('the main flow > serves the certificate of an SDK without signing'),
      ],
    },
    {
      route: 'POST /validation/upload',
      fact: 'A form with the part `file`, no team; answers `id`.',
      confidence: ['V'],
      source: ['3.17'],
      tests: official('both official clients > validate an app that was sealed and signed locally, by its script'),
    },
    {
      route: 'GET /validation/{validationId}/status',
      fact: '`validation_state` goes `pending`, `active`, `completed`; the bash client takes `pending` for a failure, so it is off by default.',
      confidence: ['V'],
      source: ['3.17', '1.7'],
      tests: endpoints('validation > goes from pending to active to completed'),
    },
    {
      route: 'GET /validation/{validationId}/status',
      fact: 'The sentences “This app is signed correctly” and “This app is not built by Appdome”; seven keys about the app.',
      confidence: ['V'],
      source: ['3.17'],
      tests: [
        ...endpoints('validation > recognises what the service signed, byte for byte'),
        ...official('both official clients > validate an app that was sealed and signed locally, by its script'),
      ],
    },
    {
      route: 'GET /validation/{validationId}/status',
      fact: '`message` is nested in a list; `build_id` is that of the build.',
      confidence: ['I'],
      source: ['3.17', '7.6'],
      tests: endpoints('validation > recognises what the service signed, byte for byte'),
    },
    {
      route: 'GET /validation/{validationId}/status',
      fact: 'How a rehearsed app is recognised, and the third sentence “This app is not signed correctly”.',
      confidence: ['synthetic'],
      source: ['3.17'],
      tests: endpoints(
        'validation > recognises a sealed app once it was signed locally, and not before',
        'validation > recognises the signature that an ordinary tool puts into the archive',
        'validation > knows nothing of other files, other emulators, and of ids of nobody',
      ),
    },
    {
      route: 'POST /release_fs/{fusionSetId}',
      fact: '`team_id` is the target team; answers `new_fusion_set_id`; a JSON content type without a body is taken.',
      confidence: ['V'],
      source: ['3.19', '1.4'],
      tests: [
        ...official('both official clients > release a Fusion Set to another team, which can build with it'),
        ...endpoints('Fusion Sets > are released to a team, and belong to it alone'),
      ],
    },
    {
      route: 'GET /sessions/limit',
      fact: '`active` and `limit`: the builds at work, and the setting `buildLimit`, at which one more is answered 429. That these are its sessions is made up, too.',
      confidence: ['synthetic'],
      source: ['3.22'],
      tests: flow('an account at its limit > says so and is refused one more build, and no other account is'),
    },
    {
      fact: 'Test results, deploy scripts, export, comparison and history of Fusion Sets, publication, a new API key, verifying certificates, and deleting apps.',
      confidence: ['D'],
      source: ['3.5', '3.13', '3.16', '3.18', '3.20', '3.21', '3.23'],
      tests: endpoints('what no official client sends and no document describes > %s /%s is not served'),
    },
    {
      fact: 'POST /lifecycle, one call for everything.',
      confidence: ['D'],
      source: ['3.24'],
      tests: [],
      notHeld: 'Not part of the emulator: no current client uses it, and it is not in the current documentation.',
    },
  ],
};
