import { allModes, type FidelityChapter, flow, testsOf } from './row.ts';

const json = testsOf('emulator/test/certificate/json.test.ts');
const pdf = testsOf('emulator/test/certificate/pdf.test.ts');
const model = testsOf('emulator/test/builds/certificate-model.test.ts');
const reader = testsOf('shared/test/certificate/json-reader.test.ts');
const layout = testsOf('shared/test/certificate/certified-secure-layout.test.ts');
const real = testsOf('shared/test/certificate/real-certificate.test.ts');

export const certificateFacts: FidelityChapter = {
  title: 'The Certified Secure certificate',
  rows: [
    {
      fact: 'JSON: thirteen keys (`build_id`, `app_id`, `app_type`, `bundle_id`, `fusion_set_id`, `fusion_set_name`, `team_id`, `extended_logs`, `sign_type`, `min_sdk_version`, `release_type`, `build_external_api_plugin_name`, `is_context_api_call`).',
      confidence: ['T'],
      source: ['5.2'],
      tests: [
        ...json('certificate JSON > shape %s is compact, has the 13 verified keys and says that it is synthetic'),
        ...reader('identity > reads the thirteen keys as they are, and no other'),
        ...allModes,
      ],
    },
    {
      fact: 'JSON: `build_id` is the task id, `app_id` the uploaded app, `fusion_set_id` the set that was asked for.',
      confidence: ['T'],
      source: ['5.2', '3.15'],
      tests: allModes,
    },
    {
      fact: 'JSON: `sign_type` is `OnAppdome` after sign.',
      confidence: ['T'],
      source: ['5.2'],
      tests: allModes,
    },
    {
      fact: 'JSON: `sign_type` after seal and sign_script (`PrivateSigning`, `AutoDevPrivateSigning`), `team_id` of the personal workspace (`personal`), values of `release_type`.',
      confidence: ['synthetic'],
      source: ['5.2', '11'],
      tests: allModes,
    },
    {
      fact: 'JSON: `extended_logs` follows the override, `is_context_api_call` the context step.',
      confidence: ['T'],
      source: ['5.2'],
      tests: [
        ...allModes,
        ...flow(
          'the main flow > adds context: the PDF shows the new app beside the original, the JSON keeps the bundle id of the original',
        ),
      ],
    },
    {
      fact: 'JSON: `bundle_id` after a context step is the original’s, as in the PDF’s App Added block.',
      confidence: ['I'],
      source: ['5.2', '6.2'],
      tests: [
        ...json(
          'certificate JSON > gives the bundle id of the original after a context step, as the App Added block of the PDF',
        ),
        ...flow(
          'the main flow > adds context: the PDF shows the new app beside the original, the JSON keeps the bundle id of the original',
        ),
      ],
    },
    {
      fact: 'JSON: the list of features, in whatever shape (A to G, nested or not).',
      confidence: ['synthetic'],
      source: ['5.1', '7.3', '8.2'],
      tests: json('certificate JSON > writes each shape as the reference describes it'),
    },
    {
      fact: 'JSON: it lists every name that the PDF prints, internal keys and display names, and a mode only where the PDF prints one: both are made from one record.',
      confidence: ['I'],
      source: ['5.3', '6.2'],
      tests: [
        ...json(
          'certificate JSON > shape %s is understood whole: every name that the PDF prints for a built-in set, and nothing beside it',
          'certificate JSON > states no mode for what the PDF prints without one',
        ),
        ...testsOf('shared/test/policy/evaluate-emulator.test.ts')(
          'beside a JSON of shape %s > it shows every name of the PDF, and a mode only where the PDF prints one',
        ),
      ],
    },
    {
      fact: 'JSON: it comes compact.',
      confidence: ['I'],
      source: ['5.3'],
      tests: json('certificate JSON > shape %s is compact, has the 13 verified keys and says that it is synthetic'),
    },
    {
      fact: 'PDF: one tall page; the sections, labels and places of texts.',
      confidence: ['R'],
      source: ['6.1', '6.2'],
      tests: [
        ...pdf(
          'the PDF of the sample > is one tall page with each label on the baseline of its value',
          'against a real certificate > puts every label where the real one has it',
        ),
        ...real('the real certificate > is read whole'),
        ...layout('a page with the real distances > is read whole'),
      ],
    },
    {
      fact: 'PDF: plugins and parameters of each category as chips with internal keys.',
      confidence: ['R'],
      source: ['6.2'],
      tests: [
        ...pdf('the PDF of the sample > has the chips of each row at 8 points, right of their label'),
        ...model('certificateModel > prints a key once a row, sorted, and a line for each display name'),
        ...real('the real certificate > shows every plugin and parameter in its category'),
      ],
    },
    {
      fact: 'PDF: a small icon at every chip of a category where Threat-Events is on, `os_integrity` and `smali_obfuscation` included, which have no line and so no mode.',
      confidence: ['R'],
      source: ['6.2', '6.4'],
      tests: model(
        'certificateModel > marks every protection of the set, as real certificates do, and states a mode where one is printed',
      ),
    },
    {
      fact: 'PDF: lines “<name>: In-App Detection” where Threat-Events is on.',
      confidence: ['R'],
      source: ['6.2', '6.4'],
      tests: [
        ...pdf('the PDF of the sample > prints intelligence lines as a bold name and a regular mode'),
        ...real('the real certificate > shows every line of threat intelligence'),
      ],
    },
    {
      fact: 'PDF: the warning about missing Threat-Events implementations, with their external ids.',
      confidence: ['R'],
      source: ['6.2'],
      tests: [
        ...flow('Fusion Sets > shows a missing listener on the PDF'),
        ...real('the real certificate > shows the missing listener'),
      ],
    },
    {
      fact: 'PDF: that warning lists the events whose names do not occur in the app as a string; it does not look for listeners (threat-events.md §3).',
      confidence: ['I'],
      source: ['6.2'],
      tests: [
        ...flow('Fusion Sets > lists the events whose names do not occur in the app, on request'),
        ...testsOf('emulator/test/apps/names-in-app.test.ts')('names in an app > are found: %s'),
      ],
    },
    {
      fact: 'PDF: blocks that do not apply are left out.',
      confidence: ['R'],
      source: ['6.2'],
      tests: pdf('what a model may leave out or overdo > leaves out blocks that are not there'),
    },
    {
      fact: 'PDF: hashes wrap by width and join to 64 digits; texts are not in visual order, some labels come at the end.',
      confidence: ['R'],
      source: ['6.3'],
      tests: [
        ...pdf(
          'the PDF of the sample > wraps hashes by width into two lines that join to 64 digits',
          'the PDF of the sample > writes some labels at the end of the stream, away from their values, and the footer first',
        ),
        ...real(
          'the real certificate > is the same in any order of its text objects, since they do not stand in visual order',
        ),
      ],
    },
    {
      fact: 'PDF: the hash of the original is that of the upload, the final hash that of the output, where the service signed.',
      confidence: ['I'],
      source: ['7.6'],
      tests: flow('the main flow > signs on Appdome: output, both certificates and hashes agree'),
    },
    {
      fact: 'PDF after private and Auto-DEV signing: a title, neither signer nor final hash.',
      confidence: ['I'],
      source: ['6.2', '7.6'],
      tests: [
        ...pdf('what a model may leave out or overdo > private signing shows neither signer nor final hash'),
        ...model('certificateModel > has the final hash only where the service signed'),
      ],
    },
    {
      fact: 'PDF: how many chips and long names wrap.',
      confidence: ['I'],
      source: ['6.3'],
      tests: pdf('what a model may leave out or overdo > wraps many chips into rows inside the page'),
    },
    {
      fact: 'A certificate shows the set as it was when the build began.',
      confidence: ['R'],
      source: ['7.6'],
      tests: flow('Fusion Sets > takes sets of a test, and certificates derive from the set as it was'),
    },
    {
      fact: 'Users, signers, OS lists, versions, sizes and dates.',
      confidence: ['synthetic'],
      source: ['6.2'],
      tests: pdf('the PDF of the sample > says in header and footer that it is synthetic'),
    },
  ],
};
