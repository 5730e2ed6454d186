import { describe, expect, it } from 'vitest';
import { lettersOf, matchIndices, wordsOf } from '../../src/text/letters.ts';

const finds = (name: string, text: string) => matchIndices(lettersOf(name), lettersOf(text));

describe('letters', () => {
  it.each([
    ['Root Detection', 'rootdetection'],
    ['ROOT-detection_1.2', 'rootdetection12'],
    ['ONEShield\u2122 by \u201cX\u201d', 'oneshieldbyx'],
    ['r\u00f3\u00f6t', 'root'],
    ['ro\u00ad\u200bo\u2060t\ufeff', 'root'],
    ['r\u0336o\u0336o\u0336t', 'root'],
    ['\uff52\uff4f\uff4f\uff54', 'root'],
    ['\u{1d42b}\u{1d428}ot', 'root'],
    ['certi\ufb01cate', 'certificate'],
    [' .-_ ', ''],
  ])('of %j are %j', (text, letters) => {
    expect(lettersOf(text)).toBe(letters);
  });

  it('are one each, whatever script they are of', () => {
    expect(lettersOf('a\u{10330}b')).toHaveLength(3);
  });
});

describe('words', () => {
  it.each([
    ['isRootDetection', ['is', 'root', 'detection']],
    ['noVPN', ['no', 'vpn']],
    ['Root-Detection, off!', ['root', 'detection', 'off']],
    ['op\u200ben', ['open']],
    ['', []],
  ])('of %j are %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe('the places of a name', () => {
  it.each<[string, number[]]>([
    ['rootdetection', [0]],
    ['noRootDetection, root_detections', [2, 15]],
    ['r\u043eot_detecti\u03bfn', [0]],
    ['r00t_detecti0n', [0]],
    ['x1 root_detection', [2]],
    ['r\u0456\u0456t_d\u0435t\u0435\u0441tion', [0]],
    ['root_detectio', []],
    ['boot_detection', []],
    ['\u0432\u0441\u0451 \u0441\u0434\u0435\u043b\u0430\u043d\u043e \u0445\u043e\u0440\u043e\u0448\u043e', []],
    ['0123456789012345', []],
  ])('in %j are %j', (text, places) => {
    expect(finds('Root Detection', text)).toEqual(places);
  });

  it('are found for names of any script, and digits are what they are', () => {
    expect(
      finds(
        '\u0417\u0430\u0449\u0438\u0442\u0430',
        '\u0411\u0435\u0437 \u0437\u0430\u0449\u0438\u0442\u044b \u0437\u0430\u0449\u0438\u0442\u0430',
      ),
    ).toContain(9);
    expect(finds('tls_1_2', 'tls_1_3')).toEqual([]);
  });
});
