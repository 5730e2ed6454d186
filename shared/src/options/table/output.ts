import { defineOptions } from '../option.ts';

/** What is left behind, and where. */
export const OUTPUT_OPTIONS = defineOptions('output', [
  {
    id: 'output-dir',
    type: { kind: 'path' },
    summary: 'Folder for the protected app, the certificates and the reports',
    summaryIn: { validate: 'Folder for the result' },
    help: 'A run replaces what an earlier one left there. A run that does not start (wrong inputs, dry-run) moves it to `previous/`.',
    defaultText: 'fusegate-output/<app name>',
    modes: ['run', 'gate', 'validate'],
    placeholder: 'DIR',
    common: true,
  },
  {
    id: 'output-name',
    type: {
      kind: 'string',
      pattern: /^(?!\.)[^/\\:*?"<>|]+(?<![. ])$/,
      form: 'a file name without folder and extension',
      maxLength: 100,
    },
    summary: 'File name of the protected app, without extension',
    defaultText: 'the name of the app',
    placeholder: 'NAME',
  },
  {
    id: 'second-output',
    type: { kind: 'boolean' },
    summary: 'Also fetch the universal .apk of an .aab',
    default: 'false',
    platforms: ['android'],
  },
  {
    id: 'deobfuscation-map',
    type: { kind: 'boolean' },
    summary: 'Fetch the mapping files that make stack traces readable',
    default: 'true',
  },
  {
    id: 'publish',
    type: {
      kind: 'choice-list',
      choices: [
        { value: 'none', help: 'nothing' },
        { value: 'reports', help: 'reports' },
        { value: 'app', help: 'the protected app' },
        { value: 'certificate', help: 'the certificates, which are confidential' },
      ],
    },
    summary: "What to publish to the CI system's artifact storage",
    help: 'The CLI publishes nothing by itself. A held-back app, the mapping files and the journal are never published.',
    default: 'reports, app',
    modes: ['run', 'gate'],
    needs: 'artifacts',
  },
  {
    id: 'reports',
    type: {
      kind: 'choice-list',
      choices: [
        { value: 'junit', help: 'fusegate-junit.xml' },
        { value: 'markdown', help: 'fusegate-summary.md' },
        { value: 'html', help: 'fusegate-report.html' },
        { value: 'sarif', help: 'fusegate.sarif' },
        { value: 'statement', help: 'fusegate-statement.json and fusegate-predicate.json (in-toto)' },
      ],
    },
    summary: 'Reports to write next to fusegate-result.json',
    default: 'junit, markdown, html, sarif',
    modes: ['run', 'gate', 'validate'],
  },
  {
    id: 'datadog-api-key',
    type: { kind: 'secret', form: 'token' },
    summary: 'Upload the mapping files to Datadog with this key',
    help: 'Only after a green run whose build has mapping files. A failed upload is a warning in the result and does not change the verdict.',
  },
  {
    id: 'datadog-site',
    type: { kind: 'string', pattern: /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, form: 'a host such as datadoghq.eu' },
    summary: 'Datadog site of your account',
    default: 'datadoghq.com',
    placeholder: 'HOST',
  },
  {
    id: 'firebase-app-id',
    type: {
      kind: 'string',
      pattern: /^[A-Za-z0-9][A-Za-z0-9:._-]*$/,
      form: 'a Firebase app id such as 1:1234567890:android:0a1b2c3d4e5f67890',
      maxLength: 128,
    },
    summary: 'Upload the mapping files to Crashlytics for this Firebase app',
    help: 'Uses the `firebase` command on PATH, which is never downloaded. It takes Google credentials from the environment.',
    platforms: ['android'],
    placeholder: 'ID',
  },
]);
