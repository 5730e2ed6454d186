/** The edge of the policy: reads the file that was named and the files that it extends. Nothing is fetched from anywhere. */
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { reason } from '../files/file-on-disk.ts';
import { defined } from '../model/defined.ts';
import { shownValue } from '../options/problem.ts';
import { type MergedPolicy, mergePolicies } from '../policy/file/policy-chain.ts';
import { type PolicyFile, readPolicyText } from '../policy/file/policy-file.ts';
import { type PolicyProblem, policyProblem } from '../policy/file/policy-problem.ts';
import { MAX_POLICY_BYTES } from '../policy/file/policy-yaml.ts';
import { readNamedFile } from './read-named-file.ts';

export interface LoadedPolicy {
  /** Absent where a file is missing or has no valid form. */
  policy?: MergedPolicy;
  /**
   * What is left of such a policy: its names, dates and locks can be checked, so that all that is wrong comes at once. Never for a verdict.
   */
  partial?: MergedPolicy;
  problems: PolicyProblem[];
}

/** A policy of a policy of a policy: more files in a row are a mistake or an attack. */
const MOST_FILES = 5;

/** @param name of the option, as it is spelt here */
export async function loadPolicy(path: string, name: string, cwd: string): Promise<LoadedPolicy> {
  const chain: PolicyFile[] = [];
  const seen = new Set<string>();
  const formProblems: PolicyProblem[] = [];
  const stopped = (problem?: PolicyProblem): LoadedPolicy => {
    const found = problem === undefined ? formProblems : [...formProblems, problem];
    if (chain.length === 0) return { problems: found };
    const { policy, problems } = mergePolicies(chain);
    return { partial: policy, problems: [...found, ...problems] };
  };
  let next = {
    path: resolve(cwd, path),
    asked: { option: name, value: shownValue(path) } as Omit<PolicyProblem, 'message'>,
  };
  for (;;) {
    const read = await readOne(next.path, cwd);
    if ('wrong' in read)
      return stopped({ ...next.asked, message: read.wrong, allowed: 'the path of a policy file, YAML' });
    if (seen.has(read.identity)) return stopped({ ...next.asked, message: 'extends itself in a cycle' });
    seen.add(read.identity);
    const parsed = await readPolicyText(read.text, read.label);
    if (!parsed.ok) formProblems.push(...parsed.problems);
    const file = parsed.ok ? parsed.file : parsed.partial;
    if (file === undefined) return stopped();
    chain.unshift(file);
    const { extends: base } = file.document;
    if (base === undefined) break;
    const at = file.placeOf(['extends']);
    const refuse = (message: string) =>
      policyProblem(file.label, at, message, {
        value: shownValue(base),
        allowed: 'a policy file, relative to this one',
      });
    if (!isLocalRelative(base)) return stopped(refuse('is not a relative path of a local file'));
    if (chain.length >= MOST_FILES) return stopped(refuse(`would be file ${chain.length + 1} in a row`));
    const { option, value } = refuse('');
    next = { path: resolve(dirname(next.path), base), asked: { option, ...defined({ value }) } };
  }
  if (formProblems.length > 0) return stopped();
  return mergePolicies(chain);
}

function isLocalRelative(path: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:/iu.test(path) && !isAbsolute(path) && !/^[\\/]/u.test(path) && !path.includes('\0');
}

async function readOne(
  path: string,
  cwd: string,
): Promise<{ text: string; label: string; identity: string } | { wrong: string }> {
  const file = await readNamedFile(path, MAX_POLICY_BYTES, 'is larger than any policy');
  if ('wrong' in file) return file;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes);
    return { text, label: labelOf(path, cwd), identity: await realpath(path) };
  } catch (error) {
    return { wrong: error instanceof TypeError ? 'is not text in UTF-8' : reason(error) };
  }
}

/** Relative to the working directory and with `/`, as reports of code hosts want it. */
export function labelOf(path: string, cwd: string): string {
  const way = relative(cwd, path);
  return (way === '' || isAbsolute(way) ? path : way).split(sep).join('/');
}
