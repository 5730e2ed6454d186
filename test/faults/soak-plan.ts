/** What the test asks of the process that runs the jobs, and what it reports. */

export interface Job {
  name: string;
  words: string[];
  environment: Record<string, string>;
  exit: number;
}

export interface Plan {
  rounds: number;
  jobs: Job[];
  /** Where it may write. */
  dir: string;
}

export interface Round {
  round: number;
  wrong: string[];
  /** After garbage collection, like the rest. */
  heapBytes: number;
  resources: number;
  openFiles: number;
  /** Of the process's events. */
  listeners: number;
}
