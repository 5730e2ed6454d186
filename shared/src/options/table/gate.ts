import { defineOptions } from '../option.ts';

/** What must be proven, and by which evidence. */
export const GATE_OPTIONS = defineOptions('gate', [
  {
    id: 'required-features',
    type: { kind: 'list' },
    summary: 'Protections that the certificate must prove',
    help: 'Display names, internal keys or Threat-Event names; `fusegate features` finds them. `key: NAME` is matched verbatim.',
    requiredIn: {
      run: 'with gate enforce, unless a policy is given',
      gate: 'with gate enforce, unless a policy is given',
    },
    modes: ['run', 'gate'],
    placeholder: 'NAMES',
    common: true,
  },
  {
    id: 'policy',
    type: { kind: 'path' },
    summary: 'Policy file, YAML',
    help: 'What your team requires, in a file in the repository (docs/policy.md). required-features adds to it. `fusegate policy check FILE` checks it without a run.',
    modes: ['run', 'gate'],
    common: true,
  },
  {
    id: 'policy-sha256',
    type: { kind: 'string', pattern: /^[0-9A-Fa-f]{64}$/, form: '64 hexadecimal digits' },
    summary: 'Digest that the resolved policy must have',
    help: 'SHA-256 of the resolved policy, including what it extends and what required-features adds: `policy.sha256` in a result, also printed by `fusegate policy check`. A pipeline that pins it stops when the policy changes.',
    modes: ['run', 'gate', 'verify'],
    placeholder: 'HEX',
  },
  {
    id: 'gate',
    type: {
      kind: 'choice',
      choices: [
        { value: 'enforce', help: 'only a proven pass is green' },
        { value: 'warn', help: 'judge and report, but end green on exits 6 and 8' },
        { value: 'disabled', help: 'do not judge; never a pass', synonyms: ['false', 'off'] },
      ],
    },
    summary: 'What a verdict does to the job',
    help: 'A policy can pin it (`gate: enforce`); then nothing can weaken it. Every output names who set a value other than enforce.',
    default: 'enforce',
    modes: ['run', 'gate'],
    common: true,
  },
  {
    id: 'certificate',
    type: { kind: 'path-list' },
    summary: 'Certificates to judge, .pdf and .json; files or globs',
    help: 'A glob ignores the case of the extension. It skips names that start with a dot, and the log says how many files.',
    requiredIn: { gate: 'unless build-id is given' },
    modes: ['gate'],
  },
  {
    id: 'result',
    type: { kind: 'path' },
    summary: 'Result of the run that made the app: fusegate-result.json',
    summaryIn: { validate: 'Result of the run that made the app; it is bound to the signed file' },
    requiredIn: { validate: 'unless build-id is given', verify: '' },
    modes: ['validate', 'verify'],
  },
  {
    id: 'max-age',
    type: { kind: 'duration', min: 1000, max: 10 * 365 * 24 * 60 * 60 * 1000 },
    summary: 'How old the result may be',
    defaultText: 'any age',
    modes: ['verify'],
  },
  {
    id: 'rehearsal',
    type: { kind: 'boolean' },
    summary: 'Rehearse the deploy job: accept the result of a rehearsal, and no other',
    help: 'A rehearsal is a run against the embedded build service. Every output says that the app may not be released. A result of the service itself is refused, so a deploy job cannot keep this option by mistake.',
    default: 'false',
    modes: ['verify'],
  },
  {
    id: 'baseline',
    type: { kind: 'path' },
    summary: 'Earlier certificate or result to compare with',
    help: 'A .pdf or .json certificate, or a fusegate-result.json. Protections that are gone or weaker and listeners that are newly missing fail. Also reported: what else is new or changed.',
    modes: ['run', 'gate'],
  },
  {
    id: 'evidence',
    type: {
      kind: 'choice',
      choices: [
        { value: 'any', help: 'the PDF if it can be read, otherwise a recognised JSON' },
        { value: 'pdf', help: 'the PDF must be readable' },
        { value: 'json', help: 'the JSON must have a recognised shape' },
        { value: 'both', help: 'both, and they must agree' },
      ],
    },
    summary: 'Which certificate documents can prove a protection',
    summaryIn: { verify: 'Which evidence the result may rest on' },
    help: 'With pdf, the JSON adds identity and may object, but proves nothing: no real document has confirmed its shape. In mode verify, pdf and both refuse a result that was judged on the JSON alone.',
    default: 'pdf',
    modes: ['run', 'gate', 'verify'],
  },
  {
    id: 'listeners',
    type: {
      kind: 'choice',
      choices: [
        { value: 'off', help: 'do not look' },
        { value: 'warn', help: 'look, and warn' },
        { value: 'fail', help: 'stop before the upload unless each one is registered' },
      ],
    },
    summary: 'Whether the app must listen for Threat-Events',
    help: 'Looks into the app, before it is uploaded, for listeners of the Threat-Events that the required protections send: In-App Detection does not enforce, so the app must act. `threat-event-listeners` in a policy makes it a rule. `fusegate listeners` checks a source tree.',
    defaultText: 'warn, if a required protection may only detect',
    modes: ['run'],
  },
  {
    id: 'detail',
    type: {
      kind: 'choice',
      choices: [
        { value: 'full', help: 'name every protection' },
        { value: 'counts', help: 'numbers only, for public logs' },
      ],
    },
    summary: 'How much of the certificate the reports show',
    default: 'full',
    modes: ['run', 'gate', 'validate', 'verify'],
  },
]);
