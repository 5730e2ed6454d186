/** The outcomes of the listener check stand in the model, because the judge and every report read them too. */
export type { EventListening, ListenerOutcome, ListenerPlace, ListenerReport } from '../model/listening.ts';
