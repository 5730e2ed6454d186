/** What the policy adds to a verdict, and how a run, its result and its files end. */
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import type { CodeEntry } from './entry.ts';

const NEW_BASELINE = 'If it was removed on purpose, take the new certificate as `baseline`. Waivers do not apply here.';

export const POLICY_AND_END = {
  'policy.accepted': {
    levels: ['note'],
    means: "Wording of the certificate counted as understood only because the policy's `accept` lists it.",
    causes: ['Somebody read it and put it there.'],
    steps: ['Remove it from `accept` once certificates no longer print it.'],
  },
  'policy.alias-used': {
    levels: ['note'],
    means: "A printed name counted for a protection, or for a listener, only because the policy's `aliases` pair them.",
    causes: ['Somebody paired them.'],
    steps: ['Make sure that both names mean the same.'],
  },
  'fleet.absent': {
    levels: ['error'],
    means: 'An app of the fleet file has no result, so nobody knows whether it is protected.',
    causes: ['Its job did not run, was killed, or did not hand on its `fusegate-result.json`.'],
    steps: [
      'Look at the job that the message names, and run it again.',
      'Take the pipeline of your CI system from [fleets](fleets.md): it hands on every result.',
    ],
  },
  'fleet.not-judged': {
    levels: ['error'],
    means: 'A result says nothing about the protections of its app, so it cannot be part of a pass.',
    causes: ['The run was a dry run, or its gate was disabled.'],
    steps: ['Run the app again with `gate: enforce`.'],
  },
  'fleet.other-plan': {
    levels: ['error'],
    means: 'A result was made with another fleet file than the one that is joined.',
    causes: ['The fleet file was changed between the jobs.', 'The result is left over from an earlier pipeline.'],
    steps: [
      'Run the app again with the fleet file as it is now.',
      'Start every pipeline with an empty folder of results.',
    ],
  },
  'fleet.twice': {
    levels: ['error'],
    means: 'Two results claim to be of one app, and nobody can tell which one counts.',
    causes: ['A job ran again, and both attempts handed on their result.'],
    steps: ['Give only the result of the run that counts.'],
  },
  'fleet.unknown': {
    levels: ['error'],
    means: 'A result is of no app of the fleet file.',
    causes: [
      'It was made without `fleet` and `fleet-app`.',
      'A pattern of the fleet file matches no such app where the results are joined.',
    ],
    steps: [
      'Leave it out, or run its app by its entry.',
      'Join the results where the apps lie, or list the apps by their paths.',
    ],
  },
  'policy.all-waived': {
    levels: ['error'],
    means:
      'Every rule that asks for a protection is waived, and the app has none of them. There is nothing left to prove.',
    causes: ['Waivers cover the whole policy.'],
    steps: [
      'Remove a waiver, or require a protection that the app has.',
      'To see reports without stopping anything, use `gate: warn` instead.',
    ],
  },
  'gate.weakened': {
    levels: ['warning'],
    means:
      'The gate does not stop the job as it would by default, or somebody tried to weaken it and the policy held. The message names who.',
    causes: [
      '`gate: warn` or `disabled`, as an option, as the variable `FUSEGATE_GATE`, or in the policy.',
      'An option is ignored because the policy pins a stricter value.',
    ],
    steps: [
      'Remove the setting that the message names.',
      'Pin `gate: enforce` in the policy, so that no option or variable can weaken it.',
    ],
  },
  'waiver.expired': {
    levels: ['warning'],
    means: 'A waiver has ended and lifts nothing any more. If its rule is not met, the run is red.',
    causes: ['The day in `expires` has passed (to its end, UTC).'],
    steps: ['Fix what it lifted and remove it, or ask its owner for a new decision with a new day.'],
  },
  'waiver.expires-soon': {
    levels: ['warning'],
    means: 'A waiver that this build needs ends within 14 days.',
    causes: ['The day in `expires` is near.'],
    steps: ['Its owner fixes the app or decides again before that day. Then the build turns red.'],
  },
  'waiver.unused': {
    levels: ['warning'],
    means: 'A waiver lifts nothing here: its rule holds, or is only part of a group.',
    causes: [
      'The protection is back in the Fusion Set.',
      'A waiver never lifts a group (`any-of`, `all-of`, `at-least`).',
    ],
    steps: ['Remove it, so that it does not hide a failure later.'],
  },
  'waiver.orphan': {
    levels: ['warning'],
    means: 'A waiver is about a name that no rule asks for by itself.',
    causes: ['The rule was removed, or writes the name in another way.', 'The name is required only within a group.'],
    steps: ['Remove the name from the waiver, or write it as the rule does.'],
  },
  'baseline.gone': {
    levels: ['error'],
    means: 'A protection of the baseline is no longer on the certificate, whether the policy requires it or not.',
    causes: ['It was switched off in the Fusion Set, or the job uses another Fusion Set.'],
    steps: ['Switch it on again, save the Fusion Set, and build again.', NEW_BASELINE],
  },
  'baseline.weakened': {
    levels: ['error'],
    means: 'A protection that was in In-App Defense on the baseline is in a weaker mode now.',
    causes: ['Its Threat-Events mode was changed in the Fusion Set.'],
    steps: ['Set In-App Defense again, save the Fusion Set, and build again.', NEW_BASELINE],
  },
  'baseline.no-listener': {
    levels: ['error', 'warning'],
    means: 'The app does not listen for a Threat-Event that was not missing on the baseline.',
    causes: [
      'The listener was removed from the app.',
      'Threat-Events were switched on since, without a listener in the app.',
    ],
    steps: [
      'Add the listener to the app.',
      '`missing-threat-event-listeners: warn` makes this a warning.',
      NEW_BASELINE,
    ],
  },
  'baseline.changed': {
    levels: ['note'],
    means:
      'Something differs from the baseline and does not fail the run: new protections, other modes, another Fusion Set or Appdome version.',
    causes: ['The Fusion Set was changed, or Appdome was updated.'],
    steps: ['Nothing, if it was intended.', 'Require new protections that must stay.'],
  },
  'baseline.other-app': {
    levels: ['warning'],
    means: 'The baseline has another bundle id than this app.',
    causes: [
      'The file of another app is given as `baseline`.',
      'The bundle id was changed, for example by `new-bundle-id`.',
    ],
    steps: ['Give the certificate of an earlier build of this app.'],
  },
  'baseline.newer': {
    levels: ['warning'],
    means:
      'The baseline was made after this build, or from a Fusion Set as it was later. What this build lacks may have been added since; what it lost cannot show.',
    causes: ['An old build is judged again with a baseline of today.', '`baseline` names the wrong file.'],
    steps: ['Give the certificate of a build that came before this one.'],
  },
  'archive.duplicate': {
    levels: ['note'],
    means: 'Two certificate files have the same content, so it was judged once.',
    causes: ['A copy, or a pattern in `certificate` that matches a file twice.'],
    steps: ['Nothing.'],
  },
  'server.rehearsal': {
    levels: ['error', 'warning'],
    means:
      "The run talked to another server than Appdome's own, or an embedded build service issued the certificate. It certifies nothing.",
    causes: [
      'A rehearsal: `server-url`, `FUSEGATE_SERVER_URL` or `APPDOME_SERVER_BASE_URL` points to an emulator.',
      'As an error: the policy pins `server:`, and the certificate was issued by an embedded build service.',
    ],
    steps: [
      'For a release, leave `server-url` and these variables unset.',
      'To rehearse, leave `server:` out of a copy of the policy.',
    ],
  },
  'server.trusted': {
    levels: ['warning'],
    means: "`fusegate verify` accepts results of another server than Appdome's own.",
    causes: ['`server-url`, or a variable that sets it; the message names which.'],
    steps: ['Unset it in a deploy job that releases.'],
  },
  'server.tls-setting': {
    levels: ['warning'],
    means:
      'The environment asks for TLS without verification, or for an outdated version of it. Fusegate ignores that for every request of its own: it verifies certificates in any case.',
    causes: [
      '`NODE_TLS_REJECT_UNAUTHORIZED=0` is set for the job, often because a proxy opens TLS.',
      '`NODE_OPTIONS` contains `--tls-min-v1.0` or `--tls-min-v1.1`.',
    ],
    steps: [
      'Remove it: every other Node program of the job still obeys it.',
      'Give the CA of a proxy that opens TLS as `ca-file`, or to all of Node as `NODE_EXTRA_CA_CERTS`.',
    ],
  },
  'result.not-a-pass': {
    means:
      'The result that was given is not a pass under `gate: enforce`, so nothing may be released or bound with it.',
    causes: [
      'The run was red, or a dry run.',
      'The gate was `warn` or `disabled`: the job was green, and the verdict was not.',
    ],
    steps: [
      'Open the report of that run and fix what it names.',
      'Run the job again with `gate: enforce`, and use the result of a run that passed.',
    ],
  },
  'result.refused': {
    means:
      'The result does not fit: not this file, not this service, not this policy, too old, at odds with itself, or unreadable.',
    causes: [
      'The file was signed or changed after the run; with `sign: private` it was never bound.',
      'The result is older than `max-age`, one of its waivers has expired since, or its certificate is too old for its policy.',
      'The result is of a rehearsal, of another server, or of certificate files alone.',
      'It was judged by another policy than `policy-sha256` says, or on the JSON alone.',
      '`result` names another file than fusegate-result.json, or one that was edited.',
    ],
    steps: [
      'Bind a file that you signed: `fusegate validate --app FILE --result RESULT`, then verify with the new result.',
      'Judge the build again: `fusegate gate --build-id ID --app FILE`.',
      'Pass app and result from job to job as artifacts of the same pipeline ([verify](validate-and-verify.md)).',
    ],
  },
  'result.version': {
    means: 'The result has another schema version, so this version of Fusegate cannot interpret it.',
    causes: ['The build job and the deploy job use different versions of Fusegate.'],
    steps: [
      'Use the same version in both jobs.',
      'Judge the build again with this one: `fusegate gate --build-id ID`.',
    ],
  },
  'run.cancelled': {
    means: 'The run was ended from outside.',
    causes: [
      'Somebody cancelled the job, or a newer one replaced it.',
      'The limit of the CI job ended it before `timeout` did.',
    ],
    steps: [
      'A build that had been started goes on at the service. Run again with its `build-id`, or with `resume: auto` where the output folder is still there.',
      'Keep `timeout` (55m by default) below the limit of the job.',
    ],
  },
  'run.incomplete': {
    levels: ['error'],
    means:
      'What lies on disk until a run ends. If you find it afterwards, the run was killed and had no time to say more.',
    causes: [
      'The machine or the container was shut down.',
      'The CI system killed the job at its limit, or for its use of memory.',
    ],
    steps: [
      'Look at the end of the job log.',
      'Run the job again: `resume: auto` continues the same build if the output folder is still there.',
    ],
  },
  'output.in-use': {
    means:
      'Another run of Fusegate works in the same output folder. The message names its process and machine. Nothing was sent.',
    causes: [
      'Two jobs share a workspace, and their apps have the same file name.',
      'A run was started again while the earlier one had not ended.',
    ],
    steps: [
      'Wait for the other run, or give each run its own `output-dir`.',
      'The lock of a process that has died is taken over by itself. If the message names a process that is certainly gone, delete `.fusegate.lock` in the output folder.',
    ],
  },
  'output.not-kept': {
    means:
      'The output folder could not be written after something had been sent to the service. A build that was started is still there and is paid for.',
    causes: [
      'The disk filled up while the app was downloaded.',
      'Something else wrote to the output folder, or removed it, during the run.',
    ],
    steps: [
      'Free some space, or find out who else writes there.',
      'Continue with the same build: `fusegate run --build-id ID`, with the id in the message.',
    ],
  },
  'journal.not-followed': {
    levels: ['warning', 'note'],
    means:
      'An earlier run left a journal that names a build, or may name one, and this run does not continue that build. It is said so that nobody pays twice without knowing.',
    causes: [
      'The app, Fusion Set, team or signing is another than in the earlier run.',
      'The journal is damaged, more than a day old, or of another run of the CI system.',
      'A new build was asked for: `resume: new`.',
    ],
    steps: ['To use the earlier build, run with its `build-id`. Otherwise there is nothing to do.'],
  },
  'output.unwritable': {
    means:
      'The output folder could not be written, something is in the way, or the disk has no room for the download. Nothing was sent. Fusegate deletes nothing that it did not write.',
    causes: [
      'The disk is full.',
      'The user of the job may not write there; in a container, the folder belongs to another user.',
      'A folder has the name of an output, or the output would overwrite the original app.',
    ],
    steps: [
      'Free space, or correct the permissions of `output-dir`.',
      'Remove by hand what the message names, or choose another `output-dir`.',
    ],
  },
  'internal.unexpected': {
    means: 'A bug in Fusegate. The run is never green.',
    causes: ['The code met something that it did not expect.'],
    steps: [
      'Run again with `verbose`, and report the message with the lines after it.',
      'Check first that the machine has Node 20.20 or newer, and enough memory and disk.',
    ],
  },
  'verdict.fail': {
    exit: '6',
    means: 'The verdict is `fail`, in a SARIF report that has no finding or rule to blame.',
    causes: ['The result was written by another program, or shortened.'],
    steps: ['Open `fusegate-report.html` of the same run.'],
  },
  'verdict.error': {
    exit: '8',
    means:
      'The run reached no verdict, or its result contradicts itself: it says pass but carries a red exit code. The job ends with that exit code.',
    causes: ['The run ended before anything could be judged.', 'The result was changed after the run.'],
    steps: [
      'Read the log of the job and `fusegate-result.json`.',
      'Judge the build again: `fusegate gate --build-id ID`.',
    ],
  },
  'verdict.not-evaluated': {
    exit: '0',
    means: 'Nothing was judged, as asked for, so nothing is proven.',
    causes: ['`gate: disabled`, a dry run, or the validation of a signed app without `result`.'],
    steps: ['Set `gate: enforce` where a release depends on it.'],
  },
} satisfies Partial<Record<PublishedCode, CodeEntry>>;
