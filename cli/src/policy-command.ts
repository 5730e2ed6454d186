import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { MAX_DOCUMENT_BYTES, readBounded, sizeOfFile } from '@fusegate/shared/files/file-on-disk';
import { codeOf } from '@fusegate/shared/files/file-system';
import type { PolicyDraft } from '@fusegate/shared/jobs/policy-draft';
import type { TestedCase } from '@fusegate/shared/jobs/policy-test';
import type { Evidence } from '@fusegate/shared/model/certificate';
import { defined } from '@fusegate/shared/model/defined';
import { EXIT, type UsageProblem } from '@fusegate/shared/model/errors';
import { type InputProblem, problem, shownValue } from '@fusegate/shared/options/problem';
import { placeText } from '@fusegate/shared/policy/file/policy-problem';
import type { Accept } from '@fusegate/shared/policy/rules/rule';
import type { OUTCOME_WORD } from '@fusegate/shared/report/describe';
import { plainLine } from '@fusegate/shared/text/untrusted-text';
import type { CommandIo } from './command-io.ts';
import { POLICY_HELP } from './help.ts';
import { refuseOptions } from './usage-report.ts';

const MAX_TEST_BYTES = 256 * 1024;

/**
 * `fusegate policy init`, `policy check`, `policy test` and `policy schema`.
 * @returns the process exit
 */
export async function policyCommand(words: readonly string[], io: CommandIo): Promise<number> {
  const [action, ...rest] = words;
  if (rest.includes('--help') || rest.includes('-h') || action === '--help' || action === '-h') {
    io.stdout.write(`${POLICY_HELP}\n`);
    return EXIT.pass;
  }
  if (action === 'check') return checkPolicy(rest, io);
  if (action === 'test') return testPolicy(rest, io);
  if (action === 'init') return initPolicy(rest, io);
  if (action === 'schema') return printSchema(rest, io);
  const allowed = 'policy init, policy check, policy test or policy schema';
  return refuse([problem(action === undefined ? 'policy' : shownValue(action), 'needs an action', { allowed })], io);
}

function refuse(problems: readonly InputProblem[], io: CommandIo): number {
  return refuseOptions(problems, io, 'policy', 'data');
}

type ArgumentTypes = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;

/** @returns the values, or the one problem that Node's own parser names */
function readArguments<const T extends ArgumentTypes>(words: readonly string[], options: T) {
  try {
    return { ok: true as const, ...parseArgs({ args: [...words], options, allowPositionals: true, strict: true }) };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('.')[0] ?? '') : '';
    return {
      ok: false as const,
      problem: problem('policy', plainLine(message), { allowed: 'see fusegate policy --help' }),
    };
  }
}

/** The arguments of `check` and `test`. */
function oneFile(
  command: string,
  words: readonly string[],
): { file: string; json: boolean } | { problem: InputProblem } {
  const given = readArguments(words, { json: { type: 'boolean' } });
  if (!given.ok) return given;
  const [file, ...more] = given.positionals;
  if (file !== undefined && more.length === 0) return { file, json: given.values.json === true };
  return { problem: problem(command, 'takes one file', { allowed: `fusegate ${command} FILE` }) };
}

async function printSchema(words: readonly string[], io: CommandIo): Promise<number> {
  if (words.length > 0)
    return refuse([problem('policy schema', 'takes no argument', { allowed: 'fusegate policy schema > FILE' })], io);
  const { policyJsonSchema } = await import('@fusegate/shared/policy/file/policy-json-schema');
  io.stdout.write(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`);
  return EXIT.pass;
}

async function checkPolicy(words: readonly string[], io: CommandIo): Promise<number> {
  const asked = oneFile('policy check', words);
  if ('problem' in asked) return refuse([asked.problem], io);
  const { file, json } = asked;
  const [
    { loadPolicy },
    { planPolicy, policySha256 },
    { checkPolicy: remarksOn },
    { isUsable, policyOverview, overviewLines },
  ] = await Promise.all([
    import('@fusegate/shared/intake/load-policy'),
    import('@fusegate/shared/policy/rules/plan'),
    import('@fusegate/shared/policy/rules/policy-check'),
    import('@fusegate/shared/report/policy-overview'),
  ]);
  const loaded = await loadPolicy(file, 'FILE', io.cwd);
  const now = io.clock.now();
  const policy = loaded.policy ?? loaded.partial;
  // That what is left of a faulty policy requires nothing is not a second problem.
  const gate = loaded.policy ? 'enforce' : 'disabled';
  const made = policy && planPolicy({ required: [], gate, policy, now });
  const problems = [...loaded.problems, ...(made?.problems ?? [])];
  if (!made || !loaded.policy || problems.length > 0) {
    return refuse(asInput(problems), io);
  }
  const remarks = remarksOn(loaded.policy, made.plan, now);
  const overview = policyOverview(loaded.policy, made.plan, { sha256: policySha256(made.plan), remarks }, now);
  for (const notice of made.notices) io.stderr.write(`notice: ${plainLine(notice)}\n`);
  io.stdout.write(json ? `${JSON.stringify(overview, null, 2)}\n` : `${overviewLines(overview).join('\n')}\n`);
  return isUsable(overview) ? EXIT.pass : EXIT.usage;
}

/** Judges every case by the policy: exit 0 if all come out as expected, 6 if one does not, 2 if the file cannot be used. */
async function testPolicy(words: readonly string[], io: CommandIo): Promise<number> {
  const asked = oneFile('policy test', words);
  if ('problem' in asked) return refuse([asked.problem], io);
  const { file, json } = asked;
  const [{ readPolicyTest, testCase }, { labelOf, loadPolicy }, { planPolicy }] = await Promise.all([
    import('@fusegate/shared/jobs/policy-test'),
    import('@fusegate/shared/intake/load-policy'),
    import('@fusegate/shared/policy/rules/plan'),
  ]);
  const full = path.resolve(io.cwd, file);
  const text = await readBounded(full, { limit: MAX_TEST_BYTES });
  const allowed = 'a file of expectations, YAML';
  if ('wrong' in text) return refuse([problem('FILE', text.wrong, { value: shownValue(file), allowed })], io);
  const read = await readPolicyTest(text.bytes.toString('utf8'), labelOf(full, io.cwd));
  const found = read.ok ? read.file : read.partial;
  if (found === undefined) return refuse(read.ok ? [] : asInput(read.problems), io);
  const { document, placeOf, label } = found;
  const beside = (name: string) => path.resolve(path.dirname(full), name);
  const at = (place: ReadonlyArray<string | number>) => placeText(label, placeOf(place));
  const loaded =
    document.policy === '' ? { problems: [] } : await loadPolicy(beside(document.policy), at(['policy']), io.cwd);
  const now = io.clock.now();
  const left = loaded.partial && planPolicy({ required: [], gate: 'disabled', policy: loaded.partial, now });
  const problems: InputProblem[] = asInput([
    ...(read.ok ? [] : read.problems),
    ...loaded.problems,
    ...(left?.problems ?? []),
  ]);
  const tested: TestedCase[] = [];
  for (const [index, one] of document.cases.entries()) {
    const files = [one.certificate].flat();
    const given = await certificateEvidence(files.map(beside), io, { unreadable: true });
    if ('problem' in given && files.length > 0)
      problems.push({ ...given.problem, option: at(['cases', index, 'certificate']) });
    if (loaded.policy === undefined) continue;
    const evidence = 'problem' in given ? NO_EVIDENCE : given.evidence;
    const outcome = testCase(found, index, loaded.policy, evidence, now);
    if ('problems' in outcome) problems.push(...asInput(outcome.problems));
    else tested.push(outcome);
  }
  if (problems.length > 0) return refuse(distinct(problems), io);
  io.stdout.write(json ? `${JSON.stringify(tested, null, 2)}\n` : `${testLines(tested).join('\n')}\n`);
  return tested.every(({ ok }) => ok) ? EXIT.pass : EXIT.gateFailed;
}

/** For a case whose files are missing: its names are still checked. */
const NO_EVIDENCE: Evidence = {
  pdf: { ok: false, kind: 'pdf', problem: 'absent', message: 'not read' },
  json: { ok: false, kind: 'json', problem: 'absent', message: 'not read' },
};

function asInput(problems: readonly UsageProblem[]): InputProblem[] {
  return problems.map((each): InputProblem => ({ code: 'usage.invalid', ...each }));
}

/** The same policy is planned for each case, with the same problems each time. */
function distinct(problems: readonly InputProblem[]): InputProblem[] {
  return [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()];
}

function testLines(tested: readonly TestedCase[]): string[] {
  const width = Math.max(...tested.map(({ name }) => plainLine(name).length));
  const rows = tested.flatMap(({ ok, name, expected, got, day, source, differences }) => [
    `${ok ? 'ok    ' : 'DIFFER'}  ${plainLine(name).padEnd(width)}  expected ${expected.padEnd(5)}  got ${got.padEnd(5)}  on ${day}  ${plainLine(source)}`,
    ...differences.map((difference) => `          ${plainLine(difference)}`),
  ]);
  const count = tested.filter(({ ok }) => !ok).length;
  return [...rows, `${tested.length} ${tested.length === 1 ? 'case' : 'cases'}, ${count} not as expected`];
}

const DEFAULT_FILE = 'fusegate-policy.yml';
/** Beside the policy; `fusegate policy schema` prints the schema of the version in use. */
const DEFAULT_SCHEMA = 'fusegate-policy.schema.json';

async function initPolicy(words: readonly string[], io: CommandIo): Promise<number> {
  const given = readArguments(words, {
    certificate: { type: 'string', multiple: true },
    result: { type: 'string' },
    output: { type: 'string' },
    schema: { type: 'string' },
    force: { type: 'boolean' },
  });
  if (!given.ok) return refuse([given.problem], io);
  const { certificate = [], result, output = DEFAULT_FILE, force = false, schema = DEFAULT_SCHEMA } = given.values;
  const problems: InputProblem[] = given.positionals.map((word) =>
    problem(shownValue(word), 'belongs to no option', { allowed: 'see fusegate policy --help' }),
  );
  if ((certificate.length === 0) === (result === undefined)) {
    const allowed = '--certificate FILE or --result FILE';
    problems.push(problem('policy init', 'needs a certificate or a result to start from', { allowed }));
  }
  if (problems.length > 0) return refuse(problems, io);
  const read = result === undefined ? await certificateEvidence(certificate, io) : await resultEvidence(result, io);
  if ('problem' in read) return refuse([read.problem], io);
  const [{ draftPolicy }, { OUTCOME_WORD: outcomeWords }] = await Promise.all([
    import('@fusegate/shared/jobs/policy-draft'),
    import('@fusegate/shared/report/describe'),
  ]);
  const sources = result === undefined ? certificate : [result];
  const label = sources.map((file) => path.basename(file)).join(', ');
  const target = path.resolve(io.cwd, output);
  const accept = force && output !== '-' ? await acceptedBefore(target) : undefined;
  const draft = draftPolicy(read.evidence, defined({ label, schema, now: io.clock.now(), accept }));
  if (draft.required.length === 0 && !draft.offersAccept) {
    const why = draft.leftOut[0]?.why ?? 'it shows no protections';
    const option = result === undefined ? '--certificate' : '--result';
    const allowed = 'a certificate that shows protections';
    return refuse([problem(option, `proves nothing that a policy could require: ${why}`, { allowed })], io);
  }
  if (output === '-') {
    io.stdout.write(draft.text);
    return EXIT.pass;
  }
  const unwritten = await writeDraft(target, draft.text, force);
  if (unwritten !== undefined)
    return refuse(
      [problem('--output', unwritten.message, { value: shownValue(output), allowed: unwritten.allowed })],
      io,
    );
  const next = draft.offersAccept
    ? ' Wording on the certificate is not known: read `accept:` in the file, take out the # where it is right, and run this again with --force.'
    : '';
  io.stdout.write(
    `${plainLine(output)}: ${counted(draft.required.length, 'name')} required.${leftOutWords(draft.leftOut, outcomeWords)}${next}\n`,
  );
  return EXIT.pass;
}

/** A protection that is not required is named: nobody should believe that it is. */
function leftOutWords(leftOut: PolicyDraft['leftOut'], words: typeof OUTCOME_WORD): string {
  const failing = leftOut.flatMap(({ name, outcome }) =>
    outcome === undefined ? [] : [`${plainLine(name)} (${words[outcome]})`],
  );
  const components = leftOut.length - failing.length;
  return (
    (failing.length === 0 ? '' : ` Not required, because it would not pass: ${failing.join(', ')}.`) +
    (components === 0 ? '' : ` ${counted(components, 'component')} left out.`)
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @returns why it was not written */
async function writeDraft(
  file: string,
  text: string,
  force: boolean,
): Promise<{ message: string; allowed: string } | undefined> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'EEXIST'
      ? { message: 'exists already', allowed: '--force to overwrite it, or --output with another name' }
      : { message: `cannot be written (${code ?? 'unknown error'})`, allowed: 'a file that can be written' };
  }
}

/** What the policy that is about to be overwritten accepts. A file that is not a policy is simply overwritten, as requested. */
async function acceptedBefore(file: string): Promise<Accept | undefined> {
  const [{ readPolicyText }, { mergePolicies }, { acceptOf }] = await Promise.all([
    import('@fusegate/shared/policy/file/policy-file'),
    import('@fusegate/shared/policy/file/policy-chain'),
    import('@fusegate/shared/policy/rules/plan'),
  ]);
  const text = await readBounded(file, { limit: MAX_TEST_BYTES });
  if ('wrong' in text) return undefined;
  const read = await readPolicyText(text.bytes.toString('utf8'), file);
  const policy = read.ok ? read.file : read.partial;
  return policy && acceptOf(mergePolicies([policy]).policy);
}

/** @param unreadable whether an unreadable certificate counts as evidence of nothing instead of a problem */
export async function certificateEvidence(files: readonly string[], io: CommandIo, { unreadable = false } = {}) {
  const full = files.map((file) => path.resolve(io.cwd, file));
  const { isArchive } = await import('@fusegate/shared/intake/certificate-files');
  const strange = full.find((file) => !/\.(pdf|json)$/iu.test(file));
  if (strange !== undefined || isArchive(full)) {
    const allowed = 'one .pdf, one .json, or one of each';
    return { problem: problem('--certificate', 'is not the certificate of one build', { allowed }) };
  }
  const wrong = (file: string, message: string) => {
    const value = shownValue(path.basename(file));
    return { problem: problem('--certificate', message, { value, allowed: 'a certificate, .pdf or .json' }) };
  };
  for (const file of full) {
    const seen = await sizeOfFile(file);
    if ('wrong' in seen) return wrong(file, seen.wrong);
  }
  const [{ readCertificateFiles }, { readEvidence }] = await Promise.all([
    import('@fusegate/shared/pipeline/read-certificate-files'),
    import('@fusegate/shared/certificate/evidence'),
  ]);
  const evidence = await readEvidence(await readCertificateFiles(full));
  for (const file of unreadable ? [] : full) {
    const reading = file.toLowerCase().endsWith('.pdf') ? evidence.pdf : evidence.json;
    if (!reading.ok) return wrong(file, `cannot be read: ${reading.message}`);
  }
  return { evidence };
}

async function resultEvidence(file: string, io: CommandIo) {
  const [{ parseResult }, { evidenceOfResult }] = await Promise.all([
    import('@fusegate/shared/model/result-json-schema'),
    import('@fusegate/shared/jobs/evidence-of-result'),
  ]);
  const wrong = (message: string) => ({
    problem: problem('--result', message, { value: shownValue(file), allowed: 'a fusegate-result.json' }),
  });
  const read = await readBounded(path.resolve(io.cwd, file), { limit: MAX_DOCUMENT_BYTES });
  if ('wrong' in read) return wrong(read.wrong);
  const parsed = parseResult(read.bytes.toString('utf8'));
  if (!parsed.ok) return wrong(`is not a result: ${parsed.problems[0] ?? ''}`);
  return { evidence: evidenceOfResult(parsed.result) };
}
