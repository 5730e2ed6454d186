/** The words for how a protection acts: the modes of Threat-Events, as certificates and policies write them. */
import { catalogue } from '../catalogue/catalogue.ts';
import { normaliseName } from '../text/normalise.ts';

const MODES = new Map(catalogue.modes.map(({ mode }) => [normaliseName(mode), mode]));

/**
 * @returns Appdome's wording of a mode (`In-App Detection`) for any spelling of it (`in_app_detection`); undefined for any other word. Only
 * In-App Detection has been seen on a certificate; the others come from the KB.
 */
export function knownMode(text: string): string | undefined {
  return MODES.get(normaliseName(text));
}
