/** What the service says about the app and its build, and how long it takes. */
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import type { CodeEntry } from './entry.ts';

const CONTINUE =
  'Run again with the `build-id` of the message: the build goes on at the service and is not paid for twice.';

export const SERVICE = {
  'service.refused': {
    means: 'The service understood a request and refused it (4xx). The message quotes what it said.',
    causes: [
      'An id does not exist: `fusion-set-id`, `app-id`, `build-id` or `team-id`.',
      'The Fusion Set is not for this platform or kind of app.',
      '`build-overrides`, `context-overrides` or `sign-overrides` holds something that the service does not know.',
    ],
    steps: [
      'Compare the ids with the console.',
      'Leave the overrides out to see whether they are the reason.',
      'Where the message speaks of your account, ask the administrator of your team.',
    ],
  },
  'service.analysis-failed': {
    means: 'The service received the app and could not take it.',
    causes: [
      'The app does not install on a device, is truncated, or is not a release package.',
      'The app is protected by Appdome already, or by another product.',
    ],
    steps: ['Install the file on a device.', 'Give the app as your build makes it, before any protection.'],
  },
  'service.build-failed': {
    means: 'The build ended with an error at the service.',
    causes: [
      'The Fusion Set does not fit this app or its SDK version.',
      'A file of the build is wrong: `baseline-profile`, `startup-profile`, `input-mapping`, `cert-pinning-zip`.',
      'With `build-id`: that build failed in the past.',
    ],
    steps: [
      'Read the log of the build in the console.',
      'Fix the app or the Fusion Set, then start a new build, without `build-id`.',
    ],
  },
  'service.context-failed': {
    means: 'The build is there, and the step that changes bundle id, version, name or icon failed.',
    causes: [
      '`new-bundle-id`, `new-version`, `new-build-number` or `new-display-name` has a form that the platform does not take.',
      '`app-icon` or `icon-overlay` is not a usable image.',
      '`context-overrides` holds something unknown.',
    ],
    steps: ['Correct the value that the message names.', 'Run again with `build-id`: the build is not repeated.'],
  },
  'service.sign-failed': {
    means: 'The build is there, and signing it failed.',
    causes: [
      'Android: keystore, `keystore-alias`, `keystore-password` or `key-password` do not fit each other.',
      'iOS: the .p12 and the provisioning profiles are not for the same certificate, or a profile for an extension is missing.',
      'Private signing: `signing-fingerprint` is not a fingerprint of your certificate.',
    ],
    steps: [
      '`dry-run` checks the credentials without a build.',
      'Correct them and run again with `build-id`: the build exists and costs nothing more.',
    ],
  },
  'service.validation-failed': {
    means: 'The service could not validate the signed app.',
    causes: ['The file is not signed, not an app, or larger than the service takes.'],
    steps: ['Check the signature (`apksigner verify FILE`, `codesign --verify`), then validate again.'],
  },
  'validation.rejected': {
    means:
      'The service says that this signed app is not the one: it did not build it, the signature is wrong, or it comes from another build.',
    causes: [
      'The file is the app from before the protection.',
      'It was signed with another certificate than the one whose fingerprint the build was given.',
      'The result or `build-id` is that of another build.',
    ],
    steps: [
      'Sign the app that the run delivered, with the certificate of `signing-fingerprint`, and validate that file.',
      'Give the `result` of the run that made this app.',
    ],
  },
  'validation.unproven': {
    means:
      'The validation ended without a statement that proves the app: nothing was said, something unknown, or no build was named.',
    causes: [
      'The service uses a sentence that Fusegate does not know.',
      'The service does not say which build the app comes from.',
    ],
    steps: [
      'Validate the app in the console.',
      'If all is well there, report the sentence in the message so that it can be added.',
    ],
  },
  'validation.confirmed': {
    levels: ['note'],
    means:
      'The service says that the signed app is signed correctly, and names the build. With `result`, its verdict is bound to this file now.',
    causes: ['`fusegate validate`, or mode validate.'],
    steps: ['Check the file where it is deployed: `fusegate verify --app FILE --result RESULT`.'],
  },
  'timeout.upload': {
    means: 'The upload did not end within `upload-timeout`.',
    causes: ['The app is large, or the line is slow.', 'A proxy slows uploads down.'],
    steps: [
      'Raise `upload-timeout` (20m by default), and `timeout` with it.',
      '`reuse-upload` (on by default) does not send the same app twice.',
    ],
  },
  'timeout.analysis': {
    means: 'The service did not finish analysing the app within `analysis-timeout`.',
    causes: ['A large app.', 'The service is busy.'],
    steps: ['Run again: the app is not uploaded a second time.', 'Raise `analysis-timeout` (10m by default).'],
  },
  'timeout.build': {
    means: 'The build did not finish within `build-timeout`.',
    causes: ['A large app or Fusion Set.', 'The service has a queue.'],
    steps: [CONTINUE, 'Raise `build-timeout` (40m by default), `timeout` (55m), and the limit of the CI job.'],
  },
  'timeout.sign': {
    means: 'Signing, or the change of name or icon before it, did not finish within `sign-timeout`.',
    causes: ['The service is busy.'],
    steps: [CONTINUE, 'Raise `sign-timeout` (15m by default).'],
  },
  'timeout.download': {
    means: 'A download did not end within `download-timeout`.',
    causes: ['A large app on a slow line.', 'An input that is given by URL comes from a slow server.'],
    steps: ['Run again with `build-id`, where the message names one.', 'Raise `download-timeout` (15m by default).'],
  },
  'timeout.validation': {
    means: 'The service did not finish validating the signed app within `analysis-timeout`.',
    causes: ['A large app.', 'The service is busy.'],
    steps: ['Run again; raise `analysis-timeout` (10m by default).'],
  },
  'timeout.run': {
    means: 'The whole run did not end within `timeout`. It stops by itself so that it can still name the build.',
    causes: [
      'The deadlines of the stages add up to more than `timeout`.',
      'A keystore with a very large iteration count takes minutes to open.',
    ],
    steps: [CONTINUE, 'Raise `timeout` (55m by default) and keep it below the limit of the CI job.'],
  },
  'mapping.none': {
    levels: ['note'],
    means: 'Uploads to a crash reporter are set, and this build has no mapping files.',
    causes: ['The Fusion Set does not obfuscate.', 'The app is for iOS, or an SDK.'],
    steps: [
      'Nothing, if that is what you expect.',
      'Otherwise switch obfuscation on in the Fusion Set and build again.',
    ],
  },
  'mapping.not-fetched': {
    levels: ['warning'],
    means: 'The deobfuscation map could not be downloaded. The verdict and the app are not affected.',
    causes: [
      'The service has the app, and did not hand out the map.',
      'The network or the disk failed at that moment.',
    ],
    steps: [
      'Fetch it later: `fusegate run --build-id ID`, or from the console.',
      'If the job must not end green without it, set `deobfuscation-map` to `true`.',
    ],
  },
  'mapping.upload-failed': {
    levels: ['warning'],
    means: 'The mapping file was not uploaded to Datadog or Crashlytics. The verdict and the app are not affected.',
    causes: [
      '`datadog-api-key` or `datadog-site` is wrong.',
      'The command `firebase` is not installed, is not logged in, or `firebase-app-id` is wrong.',
      'The app does not contain the id that the crash reporter needs.',
    ],
    steps: [
      'Upload `private/deobfuscation.zip` by hand, or crash reports of this build stay unreadable.',
      'Correct what the message names before the next release.',
    ],
  },
} satisfies Partial<Record<PublishedCode, CodeEntry>>;
