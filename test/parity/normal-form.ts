/** A run's end without what must differ from run to run and from system to system. Pure. */

import type { FusegateResult } from '@fusegate/shared/model/result';
import { spell } from '@fusegate/shared/options/spelling';
import { OPTIONS } from '@fusegate/shared/options/table';
import { type JobEnd, systemOf } from '../adapters/support/every-adapter.ts';

/** Process, host and start (files/own-temporary.ts). */
const OWN_TEMPORARY = /fusegate-\d+-[0-9a-f]{8}-\d*-(?=[0-9a-f]{8}-)/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const SHA256 = /\b[0-9a-f]{64}\b/gi;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z|\b\d\d:\d\d(?::\d\d)?\b/g;

/** Ids, hashes and times by what they are; the Fusion Set is the job's own and stays. */
function withoutChance(text: string, end: JobEnd, kept: readonly string[]): string {
  return text
    .replaceAll(end.outputDir, '<output>')
    .replaceAll(OWN_TEMPORARY, 'fusegate-<process>-')
    .replaceAll(UUID, (id) => (kept.includes(id) ? id : '<id>'))
    .replaceAll(SHA256, '<sha256>')
    .replaceAll(TIME, '<time>');
}

/** Names of options as the table has them; only in sentences, since a certificate has keys that look like them. */
function unspelled(text: string, system: string): string {
  const names = OPTIONS.map(({ id }) => [spell(id, systemOf(system)), id] as const).filter(
    ([spelt, id]) => spelt !== id,
  );
  const own = names
    .sort(([a], [b]) => b.length - a.length)
    .reduce((all, [spelt, id]) => all.replaceAll(new RegExp(`(?<![\\w-])${spelt}(?![\\w-])`, 'g'), id), text);
  // Advice to run a command of the CLI names its flags, on every system.
  return own.replaceAll(/(?<!\S)--(?=[a-z])/g, '');
}

function deeply(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => deeply(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deeply(each, change)]));
}

/** Where a secret comes from is a matter of the system; the sentence ends there. */
function withoutSources(text: string): string {
  return text.replaceAll(/ -> .*?(?=$|\n)/g, ' -> …').replaceAll(/, or the variable [A-Z_]+/g, '');
}

export function normalResult(result: FusegateResult, end: JobEnd, system: string, kept: readonly string[]): unknown {
  const {
    ci: _,
    startedAt: __,
    finishedAt: ___,
    stages,
    findings,
    requirements,
    gateSetBy,
    evidenceSetBy,
    dryRunSetBy,
    files,
    certificate,
    ...rest
  } = result;
  const said = (value: unknown) => deeply(value, (text) => withoutSources(unspelled(text, system)));
  const whole = {
    ...rest,
    // Download and certificates run side by side.
    stages: stages.map(({ name }) => name).sort(),
    findings: said(findings),
    requirements: said(requirements),
    ...Object.fromEntries(
      Object.entries({ gateSetBy, evidenceSetBy, dryRunSetBy }).map(([name, who]) => [name, said(who)]),
    ),
    // The service's documents hold ids and times, so their size is theirs.
    files: files.map(({ role, path, sha256, size }) => ({
      role,
      path,
      sha256,
      size: /certificate/.test(role) ? 0 : size,
    })),
    certificate,
  };
  return deeply(whole, (text) => withoutChance(text, end, kept));
}

export function normalOutputs(end: JobEnd, kept: readonly string[]): unknown {
  return end.outputs && deeply(end.outputs, (text) => withoutChance(text, end, kept));
}
