/** The packages of this workspace that have sources, from pnpm-workspace.yaml: the one list of them. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.resolve(import.meta.dirname, '..');

/** @type {string[]} */
const all = parse(readFileSync(path.join(ROOT, 'pnpm-workspace.yaml'), 'utf8')).packages;

export const PACKAGES = all.filter((name) => existsSync(path.join(ROOT, name, 'src')));

/** One package each for the CI systems that have a plugin. */
export const PLUGINS = PACKAGES.filter((name) => !['shared', 'cli', 'emulator'].includes(name));
