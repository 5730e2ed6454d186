/** Printed names that may be what a policy calls otherwise. */
import { lookUpName } from '../catalogue/name-index.ts';
import { nameDistance } from '../catalogue/nearest-names.ts';
import type { Sources } from './sources.ts';

/** More names in one message help nobody. */
const MOST = 20;

/**
 * @param near the name that was not found; the printed names nearest to it come first
 * @param isClaimed whether a rule is about a printed name
 * @returns names that the documents show, that no rule is about and that the catalogue pairs with no display name
 */
export function unclaimedNames(sources: Sources, near: string, isClaimed: (printed: string) => boolean): string[] {
  const printed = sources.readable.flatMap((document) =>
    document.features.filter((fact) => fact.presence === 'present').map((fact) => fact.name),
  );
  return [...new Set(printed)]
    .filter((name) => !isClaimed(name) && !hasDisplayName(name))
    .map((name) => ({ name, far: nameDistance(name, near) }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Names that are joined to a display name by meaning only count as unclaimed: they are the ones worth a second look. */
function hasDisplayName(printed: string): boolean {
  const found = lookUpName(printed);
  if (found === undefined || found.entry.name === undefined) return false;
  return found.as === 'display' || found.as === 'event' || (found.as === 'key' && found.entry.keyPairing === 'lexical');
}
