/** Printed names that a policy may call something else. */
import { nameDistance } from '../../catalogue/nearest-protections.ts';
import type { Sources } from './sources.ts';
import { aliasRefusal } from './subjects.ts';

/** Listing more names would not help. */
const MOST = 20;
const MOST_NEAREST = 3;

/** @returns every name that a document shows, as printed, without duplicates */
export function printedNames(sources: Sources): string[] {
  const facts = sources.readable.flatMap((document) => document.features);
  return [...new Set(facts.filter((fact) => fact.presence === 'present').map((fact) => fact.name))];
}

/**
 * @param near the name that was not found; the nearest printed names come first
 * @param isClaimed whether a rule is about a printed name
 * @returns names that the documents show, that no rule is about, and that a policy may pair with it
 */
export function unclaimedNames(sources: Sources, near: string, isClaimed: (printed: string) => boolean): string[] {
  const names = printedNames(sources).filter((name) => !isClaimed(name) && aliasRefusal(near, name) === undefined);
  return nearestFirst(names, near).slice(0, MOST);
}

/** @returns the printed names most similar to a name that was not found */
export function nearestPrinted(sources: Sources, near: string): string[] {
  return nearestFirst(printedNames(sources), near).slice(0, MOST_NEAREST);
}

function nearestFirst(names: string[], near: string): string[] {
  return names
    .map((name) => ({ name, far: nameDistance(name, near) }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}
