import { allModes, endpoints, type FidelityChapter, flow, official, strict, testsOf } from './row.ts';

const timeline = testsOf('emulator/test/state/timeline.test.ts');

export const protocolFacts: FidelityChapter = {
  title: 'Conventions of the protocol',
  rows: [
    {
      fact: 'Everything lies below `/api/v1` of a base URL that `APPDOME_SERVER_BASE_URL` sets; the Python client drops a path of it, the bash client keeps it.',
      confidence: ['V'],
      source: ['1.1'],
      tests: official(
        'the official Python client > drops a path of the base URL, as urljoin does',
        'the official bash client > keeps a path of the base URL',
      ),
    },
    {
      fact: 'The key is sent raw in `Authorization`.',
      confidence: ['V'],
      source: ['1.2'],
      tests: [...strict('the key > is taken raw and as bearer, refused otherwise'), ...allModes],
    },
    {
      fact: 'The key is taken after `Bearer` as well.',
      confidence: ['D'],
      source: ['1.2'],
      tests: strict('the key > is taken raw and as bearer, refused otherwise'),
    },
    {
      fact: 'No key, or another one: 401 in the failure envelope.',
      confidence: ['D3'],
      source: ['1.2', '8.1'],
      tests: [
        ...strict('the key > is taken raw and as bearer, refused otherwise'),
        ...official('the official Python client > aborts on a wrong key'),
      ],
    },
    {
      fact: 'Official clients send `X-Appdome-Client`, but the bash client not on its status calls: noted as `official-quirk`, no violation.',
      confidence: ['V'],
      source: ['1.3'],
      tests: official('the official bash client > %s'),
    },
    {
      fact: 'GETs without a body carry `Content-Type: application/json` (Python) or `multipart/form-data` without a boundary (bash); `accept: application/json` is sent for binaries.',
      confidence: ['V'],
      source: ['1.3'],
      tests: [
        ...official(
          'the official Python client > sends a content type on GET, a dummy part, and whole paths as file names',
        ),
        ...official(
          'the official bash client > sends the content type of a form on GET, without a boundary, and accepts JSON where it gets binaries',
        ),
      ],
    },
    {
      fact: '`Appdome-cli-python/1.0` is shown as `AppdomeCliPython`.',
      confidence: ['R'],
      source: ['1.3'],
      tests: testsOf('emulator/test/builds/certificate-model.test.ts')('clientName > %s becomes %s'),
    },
    {
      fact: 'Other client names are shown by the same rule.',
      confidence: ['I'],
      source: ['1.3'],
      tests: testsOf('emulator/test/builds/certificate-model.test.ts')('clientName > %s becomes %s'),
    },
    {
      fact: '`team_id` is a query parameter; absent and `personal` are the same.',
      confidence: ['V'],
      source: ['1.4'],
      tests: [
        ...official('the official bash client > sends team_id=personal, but not with a direct upload'),
        ...flow('apps > finds an app by its checksum, in its team only'),
      ],
    },
    {
      fact: 'Apps and builds of another team are not found (404).',
      confidence: ['I'],
      source: ['1.2', '11'],
      tests: strict('failures of a build > does not show a build or an app to another team'),
    },
    {
      fact: 'Ids are shaped as UUIDs; playground sets are refused with “Invalid fusion set ID”.',
      confidence: ['R', 'D3'],
      source: ['1.5'],
      tests: [...strict('POST /tasks refuses > %s'), ...allModes],
    },
    {
      fact: 'Failures are `{"statusCode","error","message"}` with a 4xx or 5xx status.',
      confidence: ['T'],
      source: ['1.6'],
      tests: strict('every answer > has failures in the envelope of the service'),
    },
    {
      fact: 'A failed task is HTTP 200 with `status` `error` and a `message`.',
      confidence: ['V'],
      source: ['1.6', '3.12'],
      tests: [
        ...strict('failures of a build > a wrong keystore password ends in error, with HTTP 200'),
        ...official(
          'the official Python client > says why when signing fails',
          'the official bash client > says why when signing fails',
        ),
      ],
    },
    {
      fact: 'A repeated POST /tasks starts another build: there are no idempotency keys.',
      confidence: ['D3'],
      source: ['1.6'],
      tests: strict('violations and the record > records a blind repeat of a build, not a second honest one'),
    },
    {
      fact: 'context, sign, seal and sign_script answer with the id of the build.',
      confidence: ['I'],
      source: ['1.7'],
      tests: [
        ...strict(
          'violations and the record > accepts the official client: dummy part, a path as file name, a content type on GET',
        ),
        ...flow(
          'the main flow > adds context: the PDF shows the new app beside the original, the JSON keeps the bundle id of the original',
        ),
      ],
    },
    {
      fact: 'The status is `progress` before the answer to an action is sent.',
      confidence: ['I'],
      source: ['1.7'],
      tests: [...strict('time > runs through queued, progress and completed'), ...allModes],
    },
    {
      fact: 'Task words are `progress`, `completed`, `error`; upload words also `queued`, which ends the Python client and is off by default.',
      confidence: ['V', 'D'],
      source: ['1.7'],
      tests: [
        ...timeline('taskWord > %s', 'uploadWord > goes queued, progress, then completed or error'),
        ...official('the official Python client > gives up when an upload is queued, so by default none is'),
      ],
    },
    {
      fact: 'Forms without files carry a part named `None`, which is ignored.',
      confidence: ['V'],
      source: ['1.8'],
      tests: strict(
        'violations and the record > takes unknown parts and records them, but not the part named None',
        'violations and the record > accepts the official client: dummy part, a path as file name, a content type on GET',
      ),
    },
    {
      fact: '`overrides` is a text field with a JSON object; anything else is refused.',
      confidence: ['V', 'I'],
      source: ['1.8', '8.1'],
      tests: strict('POST /tasks refuses > %s'),
    },
    {
      fact: 'Flags come as booleans and as words.',
      confidence: ['V'],
      source: ['1.8'],
      tests: official('the official bash client > sends flags as words, and overrides even if empty'),
    },
    {
      fact: 'File names may be whole paths; directories are left away.',
      confidence: ['V', 'I'],
      source: ['1.8'],
      tests: [
        ...official(
          'the official Python client > sends a content type on GET, a dummy part, and whole paths as file names',
        ),
        ...endpoints('POST /upload > takes the file itself and answers when it is analysed'),
      ],
    },
    {
      fact: 'Passwords travel inside `overrides` and arrive byte for byte.',
      confidence: ['V'],
      source: ['1.8'],
      tests: official('both official clients > bring passwords over byte for byte'),
    },
    {
      fact: 'JSON is compact, with one `id`, `url`, `file_id`, `task_id`, `status` or `new_fusion_set_id`, and without “error” where the call went well; the answer to the PUT is empty; no message text contains a quotation mark.',
      confidence: ['V'],
      source: ['1.9'],
      tests: [
        ...strict('every answer > keeps the rules of the bash client on success: compact, one id, no "error"'),
        ...timeline('workflowMessages > says nothing that the bash client would stumble over'),
        ...official('the official bash client > %s'),
      ],
    },
    {
      fact: 'curl waits for “100 Continue” before a large form.',
      confidence: ['I'],
      source: ['1.9'],
      tests: official('the official bash client > waits for the go-ahead before a large form'),
    },
  ],
};
