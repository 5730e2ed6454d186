/**
 * The two values that a runner must have before anything else happens. @actions/core writes every value between random delimiters, and what
 * makes them takes longer to load than the inputs take to read; a value of ours without a line break needs none
 * (docs.github.com, "Workflow commands", environment files: `name=value`).
 */
import { appendFileSync } from 'node:fs';
import { EOL } from 'node:os';
import * as core from '@actions/core';

function append(file: string | undefined, name: string, value: string): boolean {
  if (!file || /[\r\n]/.test(value)) return false;
  appendFileSync(file, `${name}=${value}${EOL}`);
  return true;
}

/** As `core.setOutput`. */
export function setOutputEarly(name: string, value: string): void {
  if (!append(process.env.GITHUB_OUTPUT, name, value)) core.setOutput(name, value);
}

/** As `core.saveState`. */
export function saveStateEarly(name: string, value: string): void {
  if (!append(process.env.GITHUB_STATE, name, value)) core.saveState(name, value);
}
