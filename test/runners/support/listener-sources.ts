import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type ChildEnd, ROOT, runChild } from '../../adapters/support/child-process.ts';

function program(cwd: string, command: string, ...words: string[]): Promise<ChildEnd> {
  return runChild(command, words, { cwd, env: { PATH: process.env['PATH'] ?? '' } });
}

/** Runs a program that must succeed. @returns the lines that it printed */
export async function lines(cwd: string, command: string, ...words: string[]): Promise<string[]> {
  const { exit, stdout, stderr } = await program(cwd, command, ...words);
  expect(exit, `${stdout}\n${stderr}`).toBe(0);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Writes listener code with the CLI as it is shipped. @returns the paths of the files */
export async function writtenCode(language: string, events: string, folder: string): Promise<string[]> {
  const cli = path.join(ROOT, 'cli/dist/fusegate.cjs');
  const words = ['--code', language, '--events', events, '--package', 'com.example.app', '--output', folder];
  await lines(path.dirname(folder), process.execPath, cli, 'threat-events', ...words);
  return readdirSync(folder).map((name) => path.join(folder, name));
}

/** @returns the paths of the files */
export function writeSources(folder: string, files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([name, text]) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  });
}
