import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellWord } from '../../src/text/shell-word.ts';

const WORDS = ['plain-word_1.apk', '', 'two words', "it's", '~/app.apk', 'a=b', '$HOME', '`id`', 'a\\b', '*', '#', 'é'];

it.skipIf(process.platform === 'win32')('is one word, and the same one, to a shell', () => {
  const line = WORDS.map(shellWord).join(' ');
  const said = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' });
  expect(said.split('\n').slice(0, -1)).toEqual(WORDS);
});

it('quotes only where it has to', () => {
  expect(shellWord('fusegate.env')).toBe('fusegate.env');
});
