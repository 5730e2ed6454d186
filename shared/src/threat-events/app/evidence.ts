/** Gathers what the readers found, and says what it means for each event. */
import type { ListenerOutcome, ListenerPlace, ListenerReport } from '../outcome.ts';

/** More places of one name help nobody. */
const MAX_PLACES = 20;
const MAX_UNREADABLE = 200;
const RANK: ReadonlyArray<ListenerPlace['what']> = ['registration', 'name', 'unreadable', 'foreign'];
const OUTCOMES: Record<ListenerPlace['what'], ListenerOutcome> = {
  registration: 'registered',
  name: 'named',
  foreign: 'foreign',
  unreadable: 'unknown',
};

export interface Finding {
  name: string;
  place: ListenerPlace;
  /** The .NET assembly that it is in: a file can hold many. */
  assembly?: string;
  /** A function of a script: it registers the name once another script calls it. */
  calledBy?: string;
}

/** What a reader makes of a part. */
export interface PartContent {
  findings: Finding[];
  /** What could not be read of it, and which names could be there. */
  hidden?: Array<{ reason: string; hides?: (name: string) => boolean }>;
}

interface Unreadable {
  file: string;
  reason: string;
  /** Whether a name could be there. */
  hides(name: string): boolean;
}

export class Evidence {
  readonly #places = new Map<string, Map<string, ListenerPlace>>();
  /** How many places of a kind each name has. */
  readonly #counts = new Map<string, number>();
  readonly #unreadable: Unreadable[] = [];

  constructor(names: readonly string[]) {
    for (const name of names) this.#places.set(name, new Map());
  }

  add({ name, place }: Finding): void {
    const places = this.#places.get(name);
    if (places === undefined) return;
    const key = [place.what, place.file, place.where, place.line].join('\n');
    const known = this.#counts.get(place.what + name) ?? 0;
    const before = places.get(key);
    // One that says why replaces one that does not.
    if (before !== undefined && before.detail === undefined && place.detail !== undefined) places.set(key, place);
    if (before !== undefined || known >= MAX_PLACES) return;
    this.#counts.set(place.what + name, known + 1);
    places.set(key, place);
  }

  addUnreadable(file: string, reason: string, hides: (name: string) => boolean = () => true): void {
    if (this.#unreadable.length < MAX_UNREADABLE) this.#unreadable.push({ file, reason, hides });
  }

  report(): Omit<ListenerReport, 'filesRead'> {
    const events = [...this.#places].map(([name, found]) => {
      const places = [...found.values()].sort((a, b) => RANK.indexOf(a.what) - RANK.indexOf(b.what));
      const hidden = this.#unreadable.filter(({ hides }) => hides(name));
      const what = places[0]?.what ?? hidden.map(() => 'unreadable' as const)[0];
      const unread = hidden.map(({ file, reason }): ListenerPlace => ({ file, what: 'unreadable', detail: reason }));
      return {
        name,
        outcome: what === undefined ? ('absent' as const) : OUTCOMES[what],
        // Where a listener was found, it does not matter what else could not be read.
        places: [...places, ...(what === 'registration' ? [] : unread)].slice(0, MAX_PLACES),
      };
    });
    return { events, unreadable: this.#unreadable.map(({ file, reason }) => ({ file, reason })) };
  }
}
