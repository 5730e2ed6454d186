/** What the certificate proves, whose it is, and which file it is about. */
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import type { CodeEntry } from './entry.ts';

const EXPLAIN =
  '`fusegate explain FILE` shows what each line of the certificate was taken for, and what was not understood.';
const JUDGE_AGAIN = 'Judge the build again: `fusegate gate --build-id ID`. Nothing is built or paid for.';
const COMPARE =
  'Compare both certificates in `private/` of the output folder, and do not ship the app until they say the same.';

export const CERTIFICATE = {
  'feature.missing': {
    levels: ['error', 'warning'],
    means: 'The certificate was read, and a required protection is not on it.',
    causes: [
      'It is switched off in the Fusion Set, or was switched on and the Fusion Set was not saved.',
      'The job uses another Fusion Set than you think.',
      'The certificate prints it under another name. The message then says that its printed form has not been seen.',
      'Its Threat-Events are off, and certificates then print another key. The message names it.',
      'Only the JSON certificate shows it, which proves nothing under `evidence: pdf`.',
    ],
    steps: [
      'Switch it on in the Fusion Set, save the Fusion Set, and build again.',
      'If it is on: `fusegate explain FILE` lists the printed names. Require that name (`key: NAME`), or pair the two in a policy (`aliases: { PROTECTION: [NAME] }`).',
      'If it cannot be fixed before the release: a waiver with reason, owner and last day ([policy](policy.md#waivers)).',
    ],
  },
  'feature.denied': {
    levels: ['error', 'warning'],
    means: 'A document says in so many words that a requirement does not hold.',
    causes: [
      'The JSON certificate states the protection as false.',
      'It is there in another Threat-Events mode than the policy asks for.',
      'Something that the policy forbids is there.',
      'A build condition does not hold: SDK version, how the app is signed, how long the signature is valid.',
    ],
    steps: [
      'Change the protection or its mode in the Fusion Set, save it, and build again.',
      'For a build condition, change the app or its signing, or the value in the policy.',
    ],
  },
  'feature.unproven': {
    levels: ['error', 'warning'],
    means:
      'The certificates neither prove nor disprove a requirement, so Fusegate gives no verdict. That is not a failure: nothing shows that the app is bad.',
    causes: [
      'Wording that Fusegate does not know stands above or beside the name and could take it back.',
      'The JSON certificate mentions the protection without a clear yes.',
      'A Threat-Events mode, a build fact or the end of the signature is required, and no document states it.',
      'A forbidden name cannot be shown to be absent, because the list was not read whole.',
      '`evidence: both`, and only one document shows it.',
    ],
    steps: [
      'Read the certificate at the place that the message names.',
      'If the words take nothing back, paste the `accept:` line of the message into the policy ([accept](policy.md#accept)).',
      EXPLAIN,
      'Attach `fusegate explain --anonymise` to a report, so that the next version knows the wording.',
    ],
  },
  'feature.no-listener': {
    levels: ['error', 'warning'],
    means:
      'The protection is there in In-App Detection, where it only tells the app, and the certificate says that the app does not listen.',
    causes: [
      'The app has no listener for this Threat-Event.',
      'The listener was removed, or renamed, in this version of the app.',
    ],
    steps: [
      'Add the listener to the app: `fusegate threat-events --code LANGUAGE` writes it ([Threat-Events](threat-events.md)). Then build again.',
      'Or set the protection to In-App Defense in the Fusion Set, and remove `threat-events: in-app-detection` from its rule.',
      'To be warned only: `missing-threat-event-listeners: warn` in the policy.',
    ],
  },
  'feature.not-enforced': {
    levels: ['warning'],
    means: 'A proven protection is in In-App Detection or Threat-Memory: Appdome detects, and the app itself must act.',
    causes: ['The mode was chosen in the Fusion Set.'],
    steps: [
      'Set In-App Defense in the Fusion Set if Appdome must act, and require it: `threat-events: in-app-defense`.',
      'To accept it, write `threat-events: in-app-detection` in the policy.',
    ],
  },
  'features.unclaimed': {
    levels: ['note'],
    means:
      'Something required is missing under every name that is known for it, and the certificate prints names that no rule asks for. One of them may be it.',
    causes: ['The certificate prints the protection under a name that this project has not seen yet.'],
    steps: [
      'Look the printed name up in the console.',
      'If it is the one, require it as printed (`key: NAME`) or paste the `aliases:` line of the message. If it is not, ignore this.',
    ],
  },
  'listener.missing': {
    levels: ['warning'],
    means: 'The app does not listen for Threat-Events that are switched on. No required protection depends on them.',
    causes: ['Threat-Events were switched on in the Fusion Set and not yet used in the app.'],
    steps: [
      'Add the listeners, or switch these Threat-Events off.',
      'To make it a failure: `missing-threat-event-listeners: fail`; to hear nothing of it: `ignore`.',
    ],
  },
  'listener.not-found': {
    levels: ['error', 'warning'],
    means:
      'The check of the app before the upload found no listener for a Threat-Event that a required protection needs. Where nobody listens, nothing happens when the event is sent.',
    causes: [
      'The app has no listener for it, or only a library that it contains has one.',
      'The name is put together while the app runs, so that no file holds it.',
    ],
    steps: [
      'Add the listener to the app: `fusegate threat-events --code LANGUAGE` writes it ([Threat-Events](threat-events.md)).',
      '`fusegate listeners` shows where it looked. `listeners: fail`, or `threat-event-listeners` in the policy, makes this a failure, and nothing is uploaded.',
    ],
  },
  'listener.not-tied': {
    levels: ['warning'],
    means: 'The app names a Threat-Event that a required protection needs, and no registration is tied to the name.',
    causes: [
      'The name is left over from a listener that was removed.',
      'The registration takes its names from elsewhere, such as a list or a configuration.',
    ],
    steps: ['Look at the places that `fusegate listeners` names, and make sure that the listener is registered.'],
  },
  'listener.unreadable': {
    levels: ['warning'],
    means: 'Fusegate could not check whether the app listens for a Threat-Event: part of the app cannot be read.',
    causes: ['The code is encrypted, compressed or in a format that Fusegate does not read.'],
    steps: ['Look at the source of the app, or give the app as it is before such a step.'],
  },
  'listener.unproven': {
    levels: ['error', 'warning'],
    means:
      'It is not proven that the app listens. An error only where the policy says `missing-threat-event-listeners: fail` or `threat-event-listeners`, or with `listeners: fail`.',
    causes: [
      'The check of the app was not made: a certificate alone cannot answer `threat-event-listeners`.',
      'The check found the name and no registration, or a part of the app that cannot be read.',
      'No Threat-Event of a required protection is known, so nothing could be looked for.',
      'The list of missing listeners holds text that is not a name.',
      'Only the JSON certificate was judged, which lists no listeners.',
    ],
    steps: [
      'Check the source tree with `fusegate listeners --source .`, and judge `threat-event-listeners` in the job that uploads the app.',
      'Pair a protection with its event in the policy: `aliases: { PROTECTION: [EventName] }`.',
      'Judge with the PDF certificate.',
      'Read the place in the message; if the words are harmless, `accept` them in the policy.',
    ],
  },
  'certificate.none': {
    levels: ['error'],
    means: 'Neither the PDF nor the JSON certificate could be read, so nothing is proven.',
    causes: [
      'The service has not made the certificates yet, or answered with an error.',
      'The files given with `certificate` are not certificates.',
    ],
    steps: ['Read the findings that follow: they say why, for each document.', JUDGE_AGAIN],
  },
  'certificate.pdf-unreadable': {
    levels: ['error', 'warning', 'note'],
    means:
      'The PDF certificate is absent or could not be read. An error unless another document may prove the protections.',
    causes: ['It was not there yet, or its download failed.', 'The file is damaged, encrypted, or not a PDF.'],
    steps: [JUDGE_AGAIN, 'Open `private/certificate.pdf`. If it looks right, report the message.'],
  },
  'certificate.json-unreadable': {
    levels: ['error', 'warning', 'note'],
    means: 'The JSON certificate is absent or could not be read. With a good PDF the verdict rests on that.',
    causes: ['It was not there yet, or its download failed.', 'The answer is HTML, an array or null, or is cut short.'],
    steps: ['Nothing, if the run is green: the PDF proves more.', JUDGE_AGAIN],
  },
  'certificate.json-shape-unknown': {
    levels: ['error', 'note'],
    means: 'The JSON certificate is valid and does not list its protections in a form that is known here.',
    causes: ['The service uses a form that this project has not seen. With a good PDF that is expected.'],
    steps: [
      'Judge on the PDF (`evidence: pdf`, the default).',
      'Report the keys and types of the message; they contain no values.',
    ],
  },
  'certificate.no-feature-list': {
    levels: ['error', 'warning'],
    means: 'The PDF was read, and it has no list of protections that is known here.',
    causes: ['The PDF is another document of Appdome, or was printed or converted.', 'The layout has changed.'],
    steps: ['Use the file as the service issues it.', JUDGE_AGAIN, EXPLAIN],
  },
  'certificate.empty-feature-list': {
    levels: ['error', 'warning'],
    means: 'A document has a list of protections, and the list is empty.',
    causes: ['The Fusion Set has nothing switched on, or was not saved.', 'The document was cut or changed.'],
    steps: [
      'Check the Fusion Set, save it, and build again.',
      'If only one of the documents is empty, compare the two.',
    ],
  },
  'certificate.contradiction': {
    levels: ['error'],
    means:
      'One document contradicts itself or the other about the same thing: two values for one id, or a protection that is shown and also spoken of without a clear yes.',
    causes: [
      'The JSON lists the protection under a heading or beside a word that is not known.',
      'The certificate of another build was merged in, or the file was changed.',
    ],
    steps: [COMPARE, EXPLAIN, '`evidence` and waivers do not help here, because an objection counts in every mode.'],
  },
  'certificate.disagreement': {
    levels: ['error', 'warning'],
    means:
      'PDF and JSON differ. An error if one denies what the other shows, or if an id differs; a warning if one merely lists less.',
    causes: [
      'The two are not of the same build.',
      'The JSON lists fewer protections than the PDF, which may be normal for your app.',
    ],
    steps: [
      COMPARE,
      'Fetch both again: `fusegate gate --build-id ID`.',
      'As a warning: nothing, unless you want `evidence: both`, which turns it into an error.',
    ],
  },
  'certificate.unread': {
    levels: ['warning'],
    means:
      'The certificate has wording that is not known. Rules that depend on it are unproven; others are not affected.',
    causes: ['Appdome prints something new.', 'Text of your own, such as the name of the app or of a plugin.'],
    steps: [
      'Read it at the place in the message. If it takes nothing back, paste the `accept:` line ([accept](policy.md#accept)).',
      'Text outside the list of protections is quoted only by its beginning; `fusegate explain FILE` prints all of it.',
    ],
  },
  'certificate.too-old': {
    levels: ['error'],
    means: "The certificate is older than the policy's `max-certificate-age`, or its age cannot be told.",
    causes: [
      'An old build is judged again, or an old file is given with `certificate`.',
      'The document that was judged states no date, or one in an unknown form.',
      'The clock of this machine is wrong, so that the certificate seems to be from the future.',
    ],
    steps: [
      'Build again and judge the new certificate.',
      'Judge with the PDF, which states when it was made.',
      'Check the clock.',
    ],
  },
  'identity.unproven': {
    levels: ['error', 'warning'],
    means: 'No certificate states what would tie it to this build, or which platform it is for.',
    causes: [
      'A `build-id` or `fusion-set-id` was asked for, and the document that proves the protections does not print it.',
      'An app was given for a build that this run did not start, and no certificate prints the hash of the original.',
      'The policy has rules for one platform, and nothing says which one this is.',
    ],
    steps: [
      'Judge with the PDF certificate, which prints ids, hash and platform.',
      JUDGE_AGAIN,
      'Where the platform is missing, set `platform`.',
    ],
  },
  'identity.mismatch': {
    levels: ['error'],
    means: 'The certificate is for another build, Fusion Set, app or team than the job asked for.',
    causes: [
      '`build-id` or `fusion-set-id` is left over from another job.',
      'A certificate file of another build was given.',
    ],
    steps: ['Compare the two ids of the message with the console, and correct the option.', JUDGE_AGAIN],
  },
  'identity.platform': {
    levels: ['error'],
    means: 'The certificate is of an app for the other platform.',
    causes: [
      '`platform` is set by hand and is wrong.',
      'The certificate is of the iOS app and the policy for the Android app, or the other way round.',
    ],
    steps: ['Leave `platform` out: the app or the certificate tells.', 'Check which certificate the job judges.'],
  },
  'binding.mismatch': {
    levels: ['error'],
    means: 'The certificate is about another file. Do not ship this one.',
    causes: [
      'The app was changed, aligned or signed again after the service had signed it.',
      'The file is of another build, or is the original app, which nobody protected.',
      'With `build-id`: the `app` beside it is not the one that was uploaded for that build.',
    ],
    steps: [
      'Ship the protected app as the run delivered it, byte for byte.',
      'If you sign by yourself, use `sign: private` and bind the signed file with `fusegate validate --app FILE --result RESULT`.',
    ],
  },
  'binding.unconfirmed': {
    levels: ['error', 'warning'],
    means:
      'The verdict is not yet tied to the file that ships. A warning where that is expected, an error where the certificate should have settled it.',
    causes: [
      '`sign: private` or `auto-dev`: the app is signed after the build, so no certificate can know its hash.',
      'The hash could not be read from the certificate, or stands below wording that is not known.',
      'An SDK: it is packed again where it is used.',
    ],
    steps: [
      'Once the app is signed: `fusegate validate --app FILE --result fusegate-result.json`.',
      'As an error: judge with the PDF certificate, and follow the message where it offers an `accept:` line.',
    ],
  },
  'signing.unproven': {
    levels: ['error'],
    means:
      'The run fetched a build that it did not make, without signing it, and no certificate shows that the app was signed.',
    causes: [
      '`build-id` was given without `sign`, and the build has not been signed yet.',
      'What the certificate says about signing is not understood.',
    ],
    steps: ['Run again with the `build-id` and with `sign`: signing costs nothing more, and may be repeated.'],
  },
  'evidence.inferred': {
    levels: ['warning'],
    means: 'The verdict rests on the JSON certificate alone, in a form that no real document has confirmed.',
    causes: ['`evidence: any` or `json`, and the PDF was not there or did not prove everything.'],
    steps: [
      'Judge on the PDF: `evidence: pdf`, the default.',
      '`fusegate verify` refuses such a result unless it is given `--evidence any`.',
    ],
  },
  'evidence.insufficient': {
    levels: ['error'],
    means: 'The document that `evidence` asks for is missing or cannot be judged.',
    causes: [
      'The PDF was not there yet, or only a .json file was given.',
      '`evidence: both` or `json`, and the JSON has no known form.',
    ],
    steps: [
      'Read the findings that follow: they say what is wrong with the document.',
      JUDGE_AGAIN,
      'If the JSON must do, `evidence: any`; every output then says that the verdict is inferred.',
    ],
  },
} satisfies Partial<Record<PublishedCode, CodeEntry>>;
