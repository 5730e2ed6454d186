/**
 * The mark that the emulator writes into a ZIP's comment in place of protection and signature, and how it finds the mark again. SYNTHETIC:
 * a mark is only text; it protects nothing and proves nothing outside a rehearsal.
 */
import type { StageAction } from '../state/model.ts';

const STAGE_MARKS: Record<StageAction, string> = {
  fuse: 'built',
  context: 'context-added',
  sign: 'signed',
  seal: 'sealed',
  sign_script: 'script',
};

/** The line that represents a signature made outside the service. */
export const LOCAL_SIGNATURE = 'Fusegate emulator: SYNTHETIC rehearsal signature, made locally.';

const MARK = /^Fusegate emulator: SYNTHETIC rehearsal build ([0-9a-f-]{36}); stages ([a-z,-]+); not protected\.$/;

/** The mark of a build after these stages; `universal` is that of the second output. */
export function rehearsalMark(buildId: string, stages: readonly StageAction[] | 'universal'): string {
  const words = stages === 'universal' ? stages : stages.map((action) => STAGE_MARKS[action]).join(',');
  return `Fusegate emulator: SYNTHETIC rehearsal build ${buildId}; stages ${words}; not protected.`;
}

export interface FoundMark {
  buildId: string;
  /** A line of {@link LOCAL_SIGNATURE} follows it. */
  locallySigned: boolean;
}

/** @returns the last mark: an app that was built twice has two, and belongs to the later build */
export function findMark(comment: Buffer): FoundMark | undefined {
  const lines = comment.toString('utf8').split('\n');
  const at = lines.findLastIndex((line) => MARK.test(line));
  const buildId = MARK.exec(lines[at] ?? '')?.[1];
  if (buildId === undefined) return undefined;
  return { buildId, locallySigned: lines.slice(at + 1).includes(LOCAL_SIGNATURE) };
}
