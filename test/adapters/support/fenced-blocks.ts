/** Every fenced block of the pages that people read. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './child-process.ts';

export interface FencedBlock {
  /** From the repository's folder. */
  page: string;
  /** Of the opening fence, from 1. */
  line: number;
  language: string;
  text: string;
}

export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'cli/README.md',
  'emulator/README.md',
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .sort(),
];

export function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), 'utf8');
}

/** @throws for a fence that is indented or never closed, which would hide a block from the tests */
export function fencedBlocks(page: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let open: FencedBlock | undefined;
  for (const [index, line] of textOf(page).split('\n').entries()) {
    const fence = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence === null) {
      if (open) open.text += `${line}\n`;
    } else if (fence[1] !== '' || fence[2] !== '```') {
      throw new Error(`${page}:${index + 1}: a fence is three backticks at the start of a line`);
    } else if (open) {
      if (fence[3]?.trim() !== '') throw new Error(`${page}:${index + 1}: text behind a closing fence leaves it open`);
      blocks.push(open);
      open = undefined;
    } else {
      open = { page, line: index + 1, language: fence[3] ?? '', text: '' };
    }
  }
  if (open) throw new Error(`${page}:${open.line}: the fence is never closed`);
  return blocks;
}
