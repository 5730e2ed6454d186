/** What listener code is written from. All of it is facts and names; nothing here depends on the day or the machine. */
import type { EventField } from '../../catalogue/event-data.ts';
import type { Platform } from '../../model/run-request.ts';

export interface CodeEvent {
  name: string;
  /** Protections that send it, and how each is known to; empty if the catalogue knows none. */
  protections: ReadonlyArray<{ title: string; pairing: 'kb' | 'code' | 'inferred' }>;
  /** The only platforms that send it; absent = any. */
  platforms?: readonly Platform[];
  /** Threat-Event reference number. */
  ref?: string;
}

export interface CodeOrder {
  /** Not empty. */
  events: readonly CodeEvent[];
  fields: readonly EventField[];
  /** Of the class that listens; for languages that have one. */
  className: string;
  /** Package or namespace; for languages that need one. */
  packageName: string;
}

export interface WrittenFile {
  name: string;
  text: string;
}
