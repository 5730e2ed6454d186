/** Inputs, key, network and API: what goes wrong before the service has anything to say about the app. */
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import type { CodeEntry } from './entry.ts';

export const BEFORE_AND_BETWEEN = {
  'usage.invalid': {
    means:
      'One or more options, files or the policy are wrong. All problems are listed together, each with the option as your CI system spells it. Nothing was built.',
    causes: [
      'A required option is missing, misspelt, or does not belong to this mode.',
      'A file is not what its option takes: half an app, an artifact in a ZIP, a login page saved as a file, a Git LFS pointer.',
      'A password does not open the keystore or .p12, or a provisioning profile does not fit the app.',
      'The policy has a mistake, names a protection that is not in the catalogue, or does not have the digest in `policy-sha256`.',
      'A file given by URL answers 4xx, because a presigned link has expired.',
      'As a finding of a judged certificate (exit 8): no rule of the policy asks for a protection on the platform of this app.',
    ],
    steps: [
      'Go through the list; each line says what is allowed.',
      'Check the policy alone with `fusegate policy check FILE`, and find a name with `fusegate features QUERY`.',
      'Check everything without a build: `dry-run`.',
    ],
  },
  'secret.unavailable': {
    means: 'A secret was passed to the job, and it is empty.',
    causes: [
      'The CI system withholds secrets from this job: a pull request from a fork, Dependabot, or a branch that is not protected.',
      'The secret has another name, or belongs to an environment or a group that this job does not use.',
    ],
    steps: [
      'Do not run the job where secrets are withheld: build forks without protection, and protect after the merge.',
      'Compare the name of the secret in the pipeline with the one in the secret store.',
    ],
  },
  'input.not-checked': {
    levels: ['warning'],
    means:
      'A file or a credential could not be read here, so only the service will show whether it is right. The run continues.',
    causes: [
      'A keystore, key or profile is in a format, or encrypted in a way, that Fusegate does not read.',
      'The bundle id of the .ipa could not be read, so the profiles were not compared with it.',
      'The file of another option is not recognised.',
    ],
    steps: [
      'Make sure that the file named in the message is the right one.',
      'To have it checked before every build, export the credential again as PKCS#12 with a password.',
    ],
  },
  'input.doubtful': {
    levels: ['warning'],
    means: 'A credential is readable and unusual. It may be meant, so the run continues.',
    causes: [
      'Android: the signing certificate has expired, or the key is the debug key of the Android SDK.',
      'iOS: the .p12 holds a further identity that is not valid any more, or the entitlements hold a placeholder or belong to another app or team.',
    ],
    steps: ['Read the message and compare with the credential that you release with.'],
  },
  'input.fused-already': {
    levels: ['warning'],
    means:
      'The app has marks that a fusion leaves behind: a loader, a splash screen or a permission of Appdome. A build of it is paid for, and protects what is protected already. The marks are inferred, so the run continues.',
    causes: [
      '`app` points at the output of an earlier run, such as the protected app in `fusegate-output`, or at an artifact of the release.',
      'The pipeline protects the app in two places.',
    ],
    steps: [
      'Give the app as your own build made it, before any protection.',
      'If it never was protected, the message says which file or permission looks like it. Nothing needs to be changed.',
    ],
  },
  'dry-run.complete': {
    levels: ['note'],
    means:
      'The dry run ended. The key is accepted, and the hosts in the message can be reached. Nothing was built, so nothing is proven.',
    causes: ['`dry-run` is set.'],
    steps: ['Allow these hosts in your firewall.', 'Leave `dry-run` out to build.'],
  },
  'dry-run.clock': {
    levels: ['warning'],
    means: 'The clock of this machine and that of the service are more than five minutes apart.',
    causes: ['The machine does not use a time server, or was resumed from a snapshot.'],
    steps: ['Synchronise the clock. TLS, waivers, `max-age` and `max-certificate-age` depend on it.'],
  },
  'auth.rejected': {
    means: 'The API answered 401: it does not accept the API key.',
    causes: [
      'The key is mistyped, cut off, expired, or was replaced in the console.',
      'The key belongs to another service than the one in `server-url`.',
    ],
    steps: [
      'Copy the key again from the console (Account, API) into the secret that the job reads as `api-key` or `APPDOME_API_KEY`.',
      'Check it without a build: `dry-run`.',
    ],
  },
  'auth.forbidden': {
    means: 'The API answered 403: the key works and has no permission here.',
    causes: [
      '`team-id` names another team, or is missing although the app or Fusion Set belongs to a team.',
      "The key's owner is not a member of the team, or the role may not build or sign.",
      'The Fusion Set, app or build belongs to another account.',
    ],
    steps: [
      'Compare `team-id`, `fusion-set-id` and `build-id` with the console, logged in as the owner of the key.',
      'Ask an administrator of the team for a role that may build.',
    ],
  },
  'network.unreachable': {
    means:
      'No answer came, although Fusegate tried for minutes: DNS, a refused or reset connection, TLS, or the proxy. The message names the host or the proxy that failed.',
    causes: [
      'The machine has no way out, or needs a proxy that it was not told about.',
      'A proxy opens TLS, and its CA is not trusted here.',
      'The proxy is down, refuses the host, or wants a user name and password (407).',
      '`server-url` is misspelt.',
    ],
    steps: [
      'Set `proxy` or `HTTPS_PROXY`; give the CA of a proxy that opens TLS as `ca-file`.',
      '`dry-run` names every host that must be reachable.',
      'After an upload or a build had begun: run again; `resume: auto` continues where the last run stopped if the output folder is still there.',
    ],
  },
  'network.connect-timeout': {
    means:
      'The host or the proxy did not accept the connection within `connect-timeout`, although Fusegate tried for minutes.',
    causes: ['A firewall drops packets silently.', 'The machine needs a proxy.', 'The network is overloaded.'],
    steps: [
      'Have the host in the message allowed, or set `proxy`.',
      'On a slow network, raise `connect-timeout` (15s by default).',
    ],
  },
  'network.stalled': {
    means: 'A connection went silent for `stall-timeout`: not one byte in either direction.',
    causes: [
      'A firewall or NAT dropped an idle connection.',
      'A proxy reads the whole upload before it passes any of it on.',
    ],
    steps: ['Run again.', 'Raise `stall-timeout` (60s by default), or have the host exempted from inspection.'],
  },
  'api.unavailable': {
    means:
      'The service answered 5xx, 408 or 429 until the deadline of the step, or as often as `retries` allows; or in a fleet, all sessions of the account were active until then.',
    causes: ['The service is down or in maintenance.', 'Too many requests of your account at once.'],
    steps: [
      'Run again later; the message says how long the service asks you to wait.',
      'Start fewer jobs at a time.',
      'If `retries` is set, remove it: without it, an outage is bridged as long as the deadline of the step allows.',
    ],
  },
  'api.unexpected': {
    means:
      'Something answered several times, and not as the API does: HTML, JSON that is cut short, a field that is missing.',
    causes: [
      'A proxy or captive portal answers with its login page.',
      '`server-url` points to a web page or to another product.',
      'The API has changed.',
    ],
    steps: [
      'Check `server-url`; leave it out for the service itself.',
      'Open the host of the message from this machine and look for a login page.',
      'If both are right, report the message.',
    ],
  },
  'api.redirect': {
    means:
      'The service redirected the request, and Fusegate does not follow: too many redirects, another scheme, another server where only the service itself may answer, or a request with a body.',
    causes: ['A login page of a proxy.', '`server-url` has moved, or is http and redirects to https.'],
    steps: ['Give `server-url` as the address it redirects to, or leave it out.', 'Log the machine in at the proxy.'],
  },
  'upload.changed': {
    means: 'The app on disk is not the same as when the upload began, or can no longer be read.',
    causes: [
      'The step that builds the app still writes to the file.',
      'Two jobs share a folder, and the other one replaced the file.',
    ],
    steps: ['Start Fusegate after the build step has ended.', 'Give each job its own workspace.'],
  },
  'download.corrupt': {
    means: 'A downloaded file has the wrong length or type, or was changed after it was judged.',
    causes: [
      'A proxy or virus scanner replaces the file by a page of its own.',
      'The connection broke again and again.',
      'Something else writes to the output folder.',
    ],
    steps: [
      'Run again with `build-id`: the build exists and costs nothing more.',
      'Have the storage host exempted from inspection; the message names it and shows how the file begins.',
      'Give every run its own `output-dir`.',
    ],
  },
  'build.may-exist': {
    means:
      'The build was requested and no answer came back. A build that costs money may be running, so Fusegate does not ask for a second one.',
    causes: [
      'The connection broke, or a deadline passed, between request and answer.',
      'An earlier run ended that way, and its journal is in the output folder.',
    ],
    steps: [
      'Look in the console for a build of this app from the time of the run.',
      'If there is one, run again with its `build-id`.',
      'If there is none, run again with `resume: new`.',
    ],
  },
} satisfies Partial<Record<PublishedCode, CodeEntry>>;
