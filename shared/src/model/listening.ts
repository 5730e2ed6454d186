/** What the listener check finds out about each Threat-Event, in a source tree or in a built app. */

/**
 * `registered`: a registration call is tied to this name, in the app's own code; `named`: the name occurs, nothing registers it;
 * `foreign`: only in another owner's package; `absent`: looked everywhere where it could be; `unknown`: the place where it would be cannot
 * be read.
 */
export type ListenerOutcome = 'registered' | 'named' | 'foreign' | 'absent' | 'unknown';

export interface ListenerPlace {
  /** Path in the tree or in the app. */
  file: string;
  line?: number;
  /** Class and method, section, … */
  where?: string;
  what: 'registration' | 'name' | 'foreign' | 'unreadable';
  detail?: string;
}

export interface EventListening {
  name: string;
  outcome: ListenerOutcome;
  places: ListenerPlace[];
}

export interface ListenerReport {
  events: EventListening[];
  /** Every place that could not be read. */
  unreadable: Array<{ file: string; reason: string }>;
  /** How many files could be read: of the tree those in a language that is read, of the app those that can hold a listener. */
  filesRead: number;
}

/** An event that the app may have to listen to, and what was found. */
export interface NeededListening extends EventListening {
  /** It must listen, whatever the Fusion Set says: its protection is required in In-App Detection. */
  certain?: true;
  /** The protection that sends it; absent for an event that was asked for by its name alone. */
  protection?: string;
  /** Further protections that send it. */
  others?: string[];
}

/** A protection that may need a listener, and whose Threat-Event is not known. */
export interface UnknownListening {
  protection: string;
  certain?: true;
}

/** What the check of the app found before it was uploaded. */
export interface AppListening {
  events: NeededListening[];
  /** Absent = none. */
  unknown?: UnknownListening[];
  unreadable: ListenerReport['unreadable'];
}
