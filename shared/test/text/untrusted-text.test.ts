import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import {
  ADVICE_LIMIT,
  markdownCode,
  markdownFence,
  markdownSentence,
  markdownText,
  plainBlock,
  plainLine,
  xmlAttribute,
  xmlText,
} from '../../src/text/untrusted-text.ts';
import { commandsIn, HOSTILE_TEXTS } from '../report/command-parsers.ts';
import { anyText } from '../support/any-text.ts';

/** Text in which the pieces that commands are made of are frequent. */
const hostile = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...'#:[]\r\n\t \u200b\u00ad\u202e\u001b\u009b\u0007\ufeff\u2028') },
      {
        weight: 2,
        arbitrary: fc.constantFrom('##', '::', 'vso', 'teamcity', 'error', '\u001b[0m', '\u001b]0;', '\ud800'),
      },
      anyText({ maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('the parsers that these tests hold text against', () => {
  it('find something in every hostile text', () => {
    const unseen = HOSTILE_TEXTS.filter((text) => commandsIn(text).length === 0);
    expect(unseen).toEqual(['\ud800unpaired\udfff', '\u{e0001}\u{e0065}tags']);
  });

  it('find nothing in ordinary text', () => {
    expect(commandsIn('std::vector, issue #12, [x], a: b, C:\\dir\n  indented')).toEqual([]);
  });
});

describe('plainLine', () => {
  it.each(HOSTILE_TEXTS)('disarms %j', (text) => {
    const line = plainLine(text);
    expect(commandsIn(line)).toEqual([]);
    expect(line).not.toMatch(/[\n\r]/u);
    expect(commandsIn(`prefix ${line}`)).toEqual([]);
  });

  it('disarms whatever is thrown at it, and once is enough', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const line = plainLine(text);
        expect(commandsIn(line)).toEqual([]);
        expect(plainLine(line)).toBe(line);
        expect(line).toBe(line.trim());
        expect(Buffer.from(line, 'utf8').toString('utf8')).toBe(line);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['Root Detection', 'Root Detection'],
    ['ONEShield™ by Appdome', 'ONEShield™ by Appdome'],
    ['Überprüfung der Wurzel', 'Überprüfung der Wurzel'],
    ['脱獄検知', '脱獄検知'],
    ['כלי אבטחה', 'כלי אבטחה'],
    ['std::vector', 'std::vector'],
    ['  two \n lines\t', 'two lines'],
    ['::error::x', ': :error::x'],
    ['a ##[error] b', 'a # #[error] b'],
    ['', ''],
  ])('writes %j as %j', (text, expected) => {
    expect(plainLine(text)).toBe(expected);
  });

  it('cuts at whole characters and shows that it did', () => {
    expect(plainLine('😀'.repeat(10), 4)).toBe('😀😀😀…');
    expect(plainLine('abcd', 4)).toBe('abcd');
  });
});

describe('plainBlock', () => {
  it.each(HOSTILE_TEXTS)('disarms %j', (text) => {
    expect(commandsIn(plainBlock(text))).toEqual([]);
  });

  it('disarms whatever is thrown at it', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const block = plainBlock(text);
        expect(commandsIn(block)).toEqual([]);
        expect(plainBlock(block)).toBe(block);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps lines and indentation', () => {
    expect(plainBlock('a\r\n  b\rc\n\td')).toBe('a\n  b\nc\n  d');
  });

  it('cuts what is endless and says how much', () => {
    const block = plainBlock(Array.from({ length: 1000 }, (_, index) => `line ${index}`).join('\n')).split('\n');
    expect(block).toHaveLength(401);
    expect(block.at(-1)).toBe('… (600 more lines)');
    expect(plainBlock('x'.repeat(50_000)).length).toBe(ADVICE_LIMIT);
  });
});

/** The most obliging renderer: HTML allowed, bare addresses linked. */
const renderer = new MarkdownIt({ html: true, linkify: true });

/** @returns every token of a rendered text, flat */
function tokensOf(markdown: string): string[] {
  return renderer
    .parse(markdown, {})
    .flatMap((token) => [token.type, ...(token.children ?? []).map((child) => child.type)]);
}

/** What GitHub, GitLab and Azure turn into links after rendering, from the plain text. */
const REFERENCE = /@\w|\b(?:https?|ftp):\/\/|\bwww\.|\w@\w+\.|[#!~%]\w|\bGH-\d/u;

const MARKDOWN_ATTACKS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](https://evil.example)',
  '![pixel](https://evil.example/x.png)',
  '[ref][1]',
  '<https://evil.example>',
  'https://evil.example',
  'www.evil.example',
  'evil.com',
  'mail me@evil.com',
  'ping @team and @org/team',
  'see #12 and owner/repo#12 and !12 and GH-12',
  '`code` ``x``',
  '**bold** _it_ ~~gone~~',
  'a | b | c',
  '# heading',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '> quote',
  '---',
  '===',
  '&#64;team &lt;b&gt; &copy;',
  'trailing \\',
  'a\n\n# heading\n\n<b>x</b>',
  '<!-- hidden -->',
  '$x$ ^up^',
  ':::warning',
  '[^1] note',
  '```',
];

describe('markdownText', () => {
  it.each(MARKDOWN_ATTACKS)('%j is a paragraph of text and nothing else', (text) => {
    const allowed = ['paragraph_open', 'inline', 'text', 'text_special', 'paragraph_close'];
    expect(tokensOf(markdownText(text)).filter((type) => !allowed.includes(type))).toEqual([]);
  });

  it.each(MARKDOWN_ATTACKS)('%j makes no link after rendering', (text) => {
    const html = renderer.render(markdownText(text));
    const plain = html.replace(/<[^>]*>/gu, '').replace(/&\w+;/gu, ' ');
    expect(plain).not.toMatch(REFERENCE);
  });

  it('shows the reader what was there', () => {
    const html = renderer.render(markdownText('<b>&amp; *x* | [y](z) `q` ™'));
    expect(html).toBe('<p>&lt;b&gt;&amp;amp; *x* | [y](z) `q` ™</p>\n');
  });

  it('stays in its table cell', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), hostile, (left, right) => {
        const table = `| a | b |\n| --- | --- |\n| x${markdownText(left)} | x${markdownText(right)} |`;
        const types = tokensOf(table);
        expect(types.filter((type) => type === 'td_open')).toHaveLength(2);
        const odd = types.filter((type) =>
          /html|link|image|code|em_|strong|s_open|fence|heading|list|break/u.test(type),
        );
        expect(odd).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('turns what our sentences quote into code, and nothing else', () => {
    const html = renderer.render(markdownSentence('run `fusegate gate | x` <b> now'));
    expect(html).toBe('<p>run <code>fusegate gate ¦ x</code> &lt;b&gt; now</p>\n');
    expect(renderer.render(markdownSentence('one ` only'))).toBe('<p>one ` only</p>\n');
  });

  it.each(MARKDOWN_ATTACKS)('%j in a sentence makes text or code', (text) => {
    const types = tokensOf(markdownSentence(text));
    expect(types.filter((type) => !/^(?:paragraph_|inline|text|code_inline)/u.test(type))).toEqual([]);
  });

  it('forms no command either', () => {
    for (const text of HOSTILE_TEXTS) expect(commandsIn(markdownText(text))).toEqual([]);
  });
});

describe('markdownCode and markdownFence', () => {
  it('hold whatever they are given', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('`', '``', '|', '\n', '<b>', '@a', 'x', ' '), { maxLength: 20 }),
        (parts) => {
          const text = parts.join('');
          const types = tokensOf(`a ${markdownCode(text)} b`);
          expect(types.filter((type) => !/^(?:paragraph|inline|text|code_inline)/u.test(type))).toEqual([]);
          expect(tokensOf(markdownFence([text, '```', '~~~']))).toEqual(['fence']);
          const table = `| a | b |\n| --- | --- |\n| ${markdownCode(text)} | y |`;
          expect(tokensOf(table).filter((type) => type === 'td_open')).toHaveLength(2);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('copies as it stands', () => {
    expect(renderer.render(markdownCode("fusegate gate --required-features 'Root Detection'"))).toContain(
      "<code>fusegate gate --required-features 'Root Detection'</code>",
    );
  });
});

/** A strict parser: what XML 1.0 forbids is an error. */
function parseXml(xml: string): { text: string; attribute: string } {
  const parser = new SaxesParser();
  const found = { text: '', attribute: '' };
  parser.on('text', (text) => {
    found.text += text;
  });
  parser.on('opentag', (tag) => {
    found.attribute = String(tag.attributes.a ?? '');
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return found;
}

describe('xmlText and xmlAttribute', () => {
  it('are read back by a strict parser', () => {
    fc.assert(
      fc.property(anyText(), hostile, (text, attribute) => {
        parseXml(`<x a="${xmlAttribute(attribute)}">${xmlText(text)}</x>`);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a < b & "c" \'d\'', 'a < b & "c" \'d\''],
    [']]>', ']]>'],
    ['<!ENTITY x "y">', '<!ENTITY x "y">'],
    ['nul\u0000 bell\u0007', 'nul bell'],
    ['\uffff\ud800', '\ufffd'],
    ['line\nbreak\ttab', 'line\nbreak\ttab'],
  ])('%j comes back as %j', (text, expected) => {
    expect(parseXml(`<x a="${xmlAttribute(text)}">${xmlText(text)}</x>`)).toEqual({
      text: expected,
      attribute: expected,
    });
  });
});
