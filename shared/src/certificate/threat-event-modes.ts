/** The words for how a protection acts: the modes of Threat-Events, as certificates and policies write them. */
import { catalogue } from '../catalogue/catalogue.ts';
import { normaliseName } from '../text/normalise.ts';

let modes: ReadonlyMap<string, string> | undefined;

/** In these the app is told nothing, is not needed, or reads a state instead (threat-events.md §1, documented). */
const WITHOUT_LISTENER: ReadonlySet<string | undefined> = new Set([
  'In-App Defense',
  'Enforce Connection Only',
  'Threat-Memory',
]);

/** Whether a protection that acts like this may depend on a listener; a mode that is not known may. */
export function mayNeedListener(mode: string): boolean {
  return !WITHOUT_LISTENER.has(knownMode(mode));
}

/**
 * @returns Appdome's wording of a mode (`In-App Detection`) for any spelling of it (`in_app_detection`); undefined for any other word. Only
 * In-App Detection has been seen on a certificate; the others come from the KB.
 */
export function knownMode(text: string): string | undefined {
  modes ??= new Map(catalogue.modes.map(({ mode }) => [normaliseName(mode), mode]));
  return modes.get(normaliseName(text));
}
