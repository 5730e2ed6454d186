import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENTRIES } from '../../../scripts/generate/errors/entries.ts';
import { errorsPage } from '../../../scripts/generate/errors/page.ts';
import { EXIT_OF_CODE } from '../../src/model/errors.ts';
import { FINDING_CODES, type VerdictCode } from '../../src/model/verdict.ts';
import { errorsPageOf, headingOf } from '../../src/text/errors-page.ts';

const VERDICT_CODES: Record<VerdictCode, true> = {
  'verdict.fail': true,
  'verdict.error': true,
  'verdict.not-evaluated': true,
};
const CODES = [...Object.keys(EXIT_OF_CODE), ...FINDING_CODES, ...Object.keys(VERDICT_CODES)];
const PAGE = errorsPage();
const DOCS = path.join(import.meta.dirname, '../../../docs');

/** GitHub's and GitLab's rule for a heading of letters, blanks and hyphens. */
const slugOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
const anchorsOf = (page: string) => [...page.matchAll(/^#+ (.*)$/gmu)].map(([, heading = '']) => slugOf(heading));
const anchors = anchorsOf(PAGE);

describe('the page of the errors', () => {
  it('has an entry for every code, and no other', () => {
    expect(Object.keys(ENTRIES).sort()).toEqual([...CODES].sort());
  });

  it.each(Object.entries(ENTRIES))(
    'says what %s means, what causes it and what to do',
    (code, { means, causes, steps, levels }) => {
      expect(PAGE).toContain(`### ${headingOf(code)}\n\n\`${code}\`, `);
      for (const text of [means, ...causes, ...steps]) expect(text).toMatch(/^(?:\p{Lu}|`|iOS).*[.)]$/u);
      expect(causes.length * steps.length).toBeGreaterThan(0);
      // An error has its exit code; a finding says how severe it is.
      expect(levels !== undefined).toBe(FINDING_CODES.some((each) => each === code));
    },
  );

  it('has the section that each code leads to, once', () => {
    expect(anchors).toHaveLength(new Set(anchors).size);
    for (const code of CODES) expect(anchors).toContain(errorsPageOf(code).split('#')[1]);
  });

  it('has a chapter for each family, which reports of several codes lead to', () => {
    for (const code of CODES) {
      const [family = ''] = code.split('.');
      expect(anchors).toContain(errorsPageOf(family).split('#')[1]);
    }
  });

  it('links to sections and pages that exist', () => {
    for (const [, file = '', anchor] of PAGE.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/gu)) {
      const there = file === '' ? anchors : anchorsOf(readFileSync(path.join(DOCS, file), 'utf8'));
      if (anchor !== undefined) expect(there).toContain(anchor);
    }
  });
});

describe('the place where a code is explained', () => {
  it.each([
    ['usage.invalid', 'docs/errors.md#usage-invalid'],
    ['certificate.json-shape-unknown', 'docs/errors.md#certificate-json-shape-unknown'],
    ['dry-run', 'docs/errors.md#dry-run'],
    ['x.y) [evil](https://evil.example', 'docs/errors.md'],
    ['', 'docs/errors.md'],
  ])('of %j', (code, place) => {
    expect(errorsPageOf(code)).toBe(place);
  });
});
