import { expect, it } from 'vitest';
import { screenOf } from './screen.ts';

it('draws what a terminal draws', () => {
  expect(screenOf('a\nbc\r\u001b[1A\u001b[0Jx\n', 80)).toEqual(['x', '']);
  expect(screenOf('abc\rX', 80)).toEqual(['Xbc']);
  expect(screenOf('abc\rX\u001b[0K\u001b[1;31my\u001b[0m', 80)).toEqual(['Xy']);
});

it('refuses what a terminal would wrap or does not know', () => {
  expect(() => screenOf('12345', 5)).toThrow('left the terminal');
  expect(() => screenOf('\u001b[2S', 80)).toThrow('unexpected escape');
  expect(() => screenOf('\u001b[1A', 80)).toThrow('left the screen');
});
