/** What docs/errors.md says about one code. Texts are Markdown; options have the names of the option table. */
export interface CodeEntry {
  means: string;
  causes: string[];
  /** The next steps, the most likely one first. */
  steps: string[];
  /** How a finding is reported; absent for the errors that end a run. */
  levels?: Array<'error' | 'warning' | 'note'>;
  /** Only where it does not follow from the code. */
  exit?: string;
}
