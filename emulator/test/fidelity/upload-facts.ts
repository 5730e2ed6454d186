import { allModes, endpoints, type FidelityChapter, flow, official, strict } from './row.ts';

export const uploadFacts: FidelityChapter = {
  title: 'Apps',
  rows: [
    {
      route: 'GET /upload-link',
      fact: 'Answers `url` and `file_id`.',
      confidence: ['V'],
      source: ['3.1'],
      tests: allModes,
    },
    {
      route: 'GET /upload-link',
      fact: 'The name of the expiry field; ours is `expiration`.',
      confidence: ['synthetic'],
      source: ['3.1'],
      tests: endpoints('GET /upload-link > says how long the link lives, in seconds and inside the link'),
    },
    {
      fact: 'A link lives 30 minutes.',
      confidence: ['D'],
      source: ['3.1'],
      tests: strict('the presigned link > dies after 30 minutes'),
    },
    {
      fact: 'The PUT has no Authorization header and may have any content type.',
      confidence: ['V'],
      source: ['3.1', '8.1'],
      tests: [...strict('the presigned link > refuses the Authorization header'), ...allModes],
    },
    {
      fact: 'The PUT needs a Content-Length; what is wrong with it is said in S3’s XML.',
      confidence: ['I'],
      source: ['3.1', '8.1'],
      tests: strict(
        'the presigned link > refuses a chunked body',
        'the presigned link > refuses another signature and an unknown file',
        'the presigned link > gives nothing to who only asks whether the storage is there, and does not want the key',
      ),
    },
    {
      route: 'POST /upload-using-link',
      fact: 'Takes `file_app_id` and `file_name` as a form and answers `id`; with `async=True` at once.',
      confidence: ['V'],
      source: ['3.1'],
      tests: official(
        'the official Python client > sends a content type on GET, a dummy part, and whole paths as file names',
      ),
    },
    {
      route: 'POST /upload-using-link',
      fact: 'Without `async` it answers after the analysis, and the app is usable.',
      confidence: ['V'],
      source: ['3.1', '8.1'],
      tests: [
        ...strict('time > answers the synchronous registration after the analysis'),
        ...official('the official bash client > registers without async, and the app is usable at once'),
      ],
    },
    {
      route: 'POST /upload-using-link',
      fact: 'A refused file makes the synchronous call a 400; the same upload registered twice is one app.',
      confidence: ['I'],
      source: ['3.1'],
      tests: flow('apps > answers the synchronous call with the refusal', 'apps > registers the same upload once'),
    },
    {
      route: 'GET /upload/{appId}/status',
      fact: '`status`, and `error` with the reason of a failure.',
      confidence: ['D'],
      source: ['3.1', '1.6'],
      tests: flow('apps > refuses what is not a ZIP, and names it under error'),
    },
    {
      route: 'POST /upload',
      fact: 'One file part `file`; answers a top-level `id`; nobody polls afterwards.',
      confidence: ['V'],
      source: ['3.2'],
      tests: [...endpoints('POST /upload > takes the file itself and answers when it is analysed'), ...allModes],
    },
    {
      route: 'POST /upload',
      fact: 'What it refuses, and how.',
      confidence: ['I'],
      source: ['3.2'],
      tests: endpoints('POST /upload > refuses a form without a file, and a file that is not an app'),
    },
    {
      route: 'POST /apps/check-by-checksum',
      fact: 'JSON `checksum` in, `exists` and `app_id` out, within the team; 404 from a server that does not know it.',
      confidence: ['V'],
      source: ['3.3'],
      tests: [
        ...flow('apps > finds an app by its checksum, in its team only'),
        ...official(
          'the official Python client > asks for the checksum first in a branch, and does without where it is not known',
          'the official bash client > reuses an app that the service has',
          'the official bash client > uploads where the checksum is not known to the service',
        ),
      ],
    },
    {
      route: 'POST /pwappload',
      fact: 'JSON in, a list of `app` and, for some licences, `taskId` out; a form is 415, `overrides` as text 400, `ipa` without a profile 4xx.',
      confidence: ['T'],
      source: ['3.4'],
      tests: endpoints(
        'POST /pwappload > makes an app that can be built',
        'POST /pwappload > makes both, and builds them at once where the licence does',
        'POST /pwappload > refuses a form, overrides as text, and an iOS app without a profile',
      ),
    },
    {
      route: 'GET /my-library-apps',
      fact: '`apps`, each with the keys that the vendor’s tests mock.',
      confidence: ['T'],
      source: ['3.5'],
      tests: endpoints('the library > lists the apps of the team'),
    },
    {
      fact: 'Kinds of apps by extension: .apk .aab .ipa .aar .zip.',
      confidence: ['V'],
      source: ['3.1', '3.26'],
      tests: ['emulator/test/apps/identity.test.ts > appKind > %s is %s', ...allModes],
    },
    {
      fact: 'Names, ids and versions are read from the manifest (.apk, .aar) or Info.plist (.ipa, SDK .zip); otherwise made from the file’s name.',
      confidence: ['synthetic'],
      source: ['8.1'],
      tests: [
        'emulator/test/apps/identity.test.ts > readIdentity > reads the manifest of a real app',
        'emulator/test/apps/identity.test.ts > readIdentity > reads the Info.plist: %s',
        'emulator/test/apps/identity.test.ts > readIdentity > reads the manifest of a library',
        'emulator/test/apps/identity.test.ts > readIdentity > names after its file what it cannot read: %s %j',
      ],
    },
  ],
};
