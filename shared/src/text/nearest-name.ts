/** "Did you mean", for names of options, choices and commands. (Protections have their own rules: catalogue/nearest-protections.ts.) */
import { editDistance } from './edit-distance.ts';
import { compactName } from './normalise.ts';

/** Longer input is not a name, and edit distance is quadratic. */
const LONGEST = 100;
/** `app` begins `app-id`, but `a` begins too much. */
const SHORTEST_BEGINNING = 4;

/**
 * @param limit the most to return
 * @returns candidates that could be meant, nearest first: at most a third of the letters differ, or one is the beginning of the other
 */
export function nearestNames(name: string, candidates: Iterable<string>, limit = 1): string[] {
  const asked = compactName(name);
  if (asked === '' || asked.length > LONGEST) return [];
  const near: Array<{ candidate: string; score: number }> = [];
  for (const candidate of new Set(candidates)) {
    const offered = compactName(candidate);
    const score = editDistance(asked, offered);
    const begins =
      Math.min(asked.length, offered.length) >= SHORTEST_BEGINNING &&
      (offered.startsWith(asked) || asked.startsWith(offered));
    if (begins || score <= Math.floor(Math.max(asked.length, offered.length) / 3)) near.push({ candidate, score });
  }
  return near
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}
